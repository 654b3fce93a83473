"""What the test hands to the student's code: functions, iterables, modules."""

import functools

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

CODE = """
import torch
def call(f, *args, **kwargs): return f(*args, **kwargs)
def total(items):
    t = 0
    for x in items: t = t + x
    return t
def first(items): return next(iter(items))
def kind(x): return type(x).__module__ + "." + type(x).__name__
def spy(f): return {name: getattr(f, name, None) for name in ("__globals__", "__code__", "__closure__", "__self__")}
kept = []
def keep(f): kept.append(f)
def use(*args): return kept[-1](*args)
def fit(model):
    model.eval()
    with torch.no_grad():
        for p in model.parameters(): p.zero_()
def head(model, n):
    model[1] = torch.nn.Linear(2, n)
    return model
def freeze(model):
    for p in model.parameters(): p.requires_grad_(False)
"""


@pytest.fixture
def names(student):
    found = student(CODE).names(*["call", "total", "first", "kind", "spy", "keep", "use", "fit", "head", "freeze"])
    return type("Names", (), {name: staticmethod(value) for name, value in found.items()})


def test_functions(names):
    x = torch.ones(2)
    assert names.call(lambda a, b=1: a + b, 2, b=3) == 5
    assert torch.equal(names.call(lambda t: t * 2, x), 2 * x)
    assert names.call(functools.partial(max, 1), 2) == 2
    assert names.call([1, 2].index, 2) == 1
    names.keep(lambda a: a + 1)
    assert names.use(1) == 2


def test_functions_of_torch_run_there_and_have_gradients(names):
    x = torch.tensor([0.5], requires_grad=True)
    for f in (torch.sin, nn.functional.relu, torch.Tensor, np.sin):
        assert names.kind(f) != "proctor.remote.callbacks.TestFunction"
    names.call(torch.sin, x).backward()
    torch.testing.assert_close(x.grad, x.detach().cos())


def test_functions_call_back_into_the_student(names):
    assert names.call(lambda n: names.call(lambda m: names.total([m, 1]), n), 5) == 6

    def deep(n):
        return 0 if n == 0 else 1 + names.call(deep, n - 1)

    assert deep(10) == 10


def test_exceptions_in_functions(names):
    def fail():
        raise KeyError("of the test")

    with pytest.raises(KeyError, match="of the test"):
        names.call(fail)
    with pytest.raises(AssertionError, match="half"):
        names.call(lambda: torch.testing.assert_close(1, 2, msg="half"))
    assert names.call(lambda: 1) == 1
    with pytest.raises(TypeError, match="cannot be handed"):
        names.call(lambda: object())


def test_an_interrupt_in_a_function(names):
    def stop():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        names.call(stop)
    assert names.call(lambda: 1) == 1


def test_nothing_else_can_be_reached(names):
    secret = 5
    assert set(names.spy(lambda: secret).values()) == {None}


def test_iterables(names):
    assert names.total(iter([1, 2, 3])) == 6
    assert names.total(i for i in range(4)) == 6
    assert names.total(map(float, "12")) == 3
    loader = DataLoader(TensorDataset(torch.arange(6.0)), batch_size=2)
    assert torch.equal(names.first(loader)[0], torch.tensor([0.0, 1.0]))
    assert names.call(len, loader) == 3

    def naturals():
        n = 0
        while True:
            yield n
            n += 1

    numbers = naturals()
    assert [names.first(numbers) for _ in range(3)] == [0, 1, 2]


def test_modules_are_rebuilt(names):
    for module, x in [
        (nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU()), torch.randn(2, 1, 4, 4)),
        (nn.MultiheadAttention(4, 2), None),
        (nn.LSTM(2, 3), torch.randn(4, 2)),
        (nn.TransformerEncoderLayer(4, 2, dropout=0.0), torch.randn(3, 4)),
        (nn.Embedding(3, 2), torch.tensor([0, 2])),
    ]:
        module.eval()
        assert names.kind(module) == f"{type(module).__module__}.{type(module).__name__}"
        if x is not None:
            got, want = names.call(module, x), module(x)
            torch.testing.assert_close(got, want)


def test_gradients_of_rebuilt_modules(names):
    module, x = nn.Linear(3, 2), torch.randn(4, 3, requires_grad=True)
    names.call(module, x).square().sum().backward()
    got = [x.grad.clone(), *[p.grad.clone() for p in module.parameters()]]
    x.grad = None
    module.zero_grad()
    module(x).square().sum().backward()
    for one, other in zip(got, [x.grad, *[p.grad for p in module.parameters()]], strict=True):
        torch.testing.assert_close(one, other)


def test_batch_statistics_arrive(names):
    module = nn.BatchNorm1d(2)
    names.call(module, torch.randn(8, 2) + 3)
    assert module.num_batches_tracked == 1
    assert (module.running_mean > 0.1).all()


def test_what_is_done_to_modules(names):
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    names.fit(model)
    assert not model.training
    assert not model[0].training
    assert all((p == 0).all() for p in model.parameters())
    names.freeze(model)
    assert not any(p.requires_grad for p in model.parameters())
    assert model(torch.ones(1, 2)).tolist() == [[0, 0]]
    other = names.head(model, 5)
    assert other(torch.ones(1, 2)).shape == (1, 5)


def test_modules_of_the_test_alone_are_functions(names):
    class Mine(nn.Module):
        def forward(self, x):
            return x + 1

    hooked = nn.Linear(1, 1)
    seen = []
    hooked.register_forward_hook(lambda *a: seen.append(1))
    assert names.call(Mine(), 1) == 2
    names.call(hooked, torch.ones(1))
    assert seen == [1]
    names.call(nn.Sequential(Mine(), nn.ReLU()), torch.ones(1))
