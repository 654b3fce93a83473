"""Mirrors of the student's torch modules."""

import copy

import pytest
import torch
from torch import nn

CODE = """
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self, depth=2, tied=False):
        super().__init__()
        self.depth = depth
        self.body = nn.Sequential(nn.Conv2d(1, 2, 3, stride=2), nn.BatchNorm2d(2), nn.ReLU())
        self.blocks = nn.ModuleList([nn.Linear(2, 2) for _ in range(depth)])
        self.named = nn.ModuleDict({"a": nn.Linear(2, 1)})
        self.scale = nn.Parameter(torch.ones(()))
        self.register_buffer("passing", torch.zeros(1), persistent=False)
        self.nothing = None
        if tied: self.blocks[1].weight = self.blocks[0].weight
    def forward(self, x, power=1):
        x = self.body(x).mean((2, 3))
        for block in self.blocks: x = block(x)
        return self.named["a"](x) * self.scale ** power
    def count(self): return sum(p.numel() for p in self.parameters())
    @property
    def shape(self): return self.scale.shape
net = Net()
def train(net, x, y, steps):
    optimizer = torch.optim.SGD(net.parameters(), 0.1)
    for _ in range(steps):
        optimizer.zero_grad()
        ((net(x) - y) ** 2).mean().backward()
        optimizer.step()
def grow(net): net.blocks.append(nn.Linear(2, 2)); net.body = nn.Identity()
def optimizer(net): return torch.optim.SGD(net.parameters(), 1.0)
class Frozen(nn.Linear):
    def train(self, mode=True): return super().train(False)
def weight(net): return net.scale
def value(net): return net.scale.item()
def loss(net, x): return (net(x) ** 2).sum()
"""


@pytest.fixture
def names(student):
    found = student(CODE).names(*["Net", "net", "train", "grow", "optimizer", "Frozen", "weight", "value", "loss"])
    return type("Names", (), {name: staticmethod(value) for name, value in found.items()})


def twin(net):
    """The same network, of the test's own."""
    namespace = {}
    exec(CODE, namespace)
    made = namespace["Net"]()
    made.load_state_dict(net.state_dict())
    return made


X = torch.randn(4, 1, 5, 5, generator=torch.Generator().manual_seed(0))


def test_is_a_module(names):
    net, own = names.Net(), nn.Module()
    want = twin(net)
    assert isinstance(net, nn.Module)
    assert isinstance(net, names.Net)
    assert not isinstance(net, nn.Sequential)
    assert not isinstance(own, names.Net)
    assert [name for name, _ in net.named_modules()] == [name for name, _ in want.named_modules()]
    assert [(n, p.shape) for n, p in net.named_parameters()] == [(n, p.shape) for n, p in want.named_parameters()]
    assert [n for n, _ in net.named_buffers()] == [n for n, _ in want.named_buffers()]
    assert list(net.state_dict()) == list(want.state_dict())
    assert isinstance(net.body, nn.Sequential)
    assert isinstance(net.body[0], nn.Conv2d)
    assert [type(one).__name__ for one in net.body] == ["Mirror"] * 3
    assert isinstance(net.body[-1], nn.ReLU)
    assert (len(net.body), len(net.blocks), "a" in net.named, "b" in net.named) == (3, 2, True, False)
    assert len(net.body[:2]) == 2
    assert repr(net).startswith("student's Net(")
    assert issubclass(names.Net, nn.Module)
    assert issubclass(names.Frozen, nn.Linear)


def test_attributes(names):
    net = names.Net(depth=3)
    assert (net.depth, net.body[0].stride, net.count(), net.nothing) == (3, (2, 2), 46, None)
    assert net.shape == torch.Size([])
    assert net.scale is net._parameters["scale"] is names.weight(net) is next(iter(net.parameters()))
    net.depth = 7
    assert net.depth == 7
    with pytest.raises(AttributeError):
        _ = net.missing


def test_forward_and_backward(names):
    net = names.Net()
    want = twin(net)
    x = X.clone().requires_grad_()
    got = net(x, power=2)
    torch.testing.assert_close(got, want(X, power=2))
    got.square().sum().backward()
    inner = X.clone().requires_grad_()
    twin_output = want(inner, power=2)
    twin_output.square().sum().backward()
    torch.testing.assert_close(x.grad, inner.grad)
    for (name, got), (_, one) in zip(net.named_parameters(), want.named_parameters(), strict=True):
        torch.testing.assert_close(got.grad, one.grad, msg=name)
    net.zero_grad()
    assert net.scale.grad is None


def test_parts_can_be_called(names):
    net = names.Net()
    torch.testing.assert_close(
        net.blocks[0](torch.ones(1, 2)).sum(), net.blocks[0].weight.sum() + net.blocks[0].bias.sum()
    )
    net.blocks[0](torch.ones(1, 2)).sum().backward()
    assert net.blocks[0].weight.grad.tolist() == [[1, 1], [1, 1]]
    assert net.blocks[1].weight.grad is None


def test_training_in_the_test(names):
    net = names.Net()
    want = twin(net)
    for one in (net, want):
        optimizer = torch.optim.SGD(one.parameters(), 0.1)
        for _ in range(3):
            optimizer.zero_grad()
            one(X).square().mean().backward()
            optimizer.step()
    torch.testing.assert_close(net.state_dict(), want.state_dict())


def test_training_there(names):
    net = names.Net()
    want = twin(net)
    names.train(net, X, torch.ones(4, 1), 3)
    namespace = {}
    exec(CODE, namespace)
    namespace["train"](want, X, torch.ones(4, 1), 3)
    torch.testing.assert_close(net.state_dict(), want.state_dict())
    torch.testing.assert_close(net.scale.grad, want.scale.grad)


def test_the_student_s_optimizer(names):
    net = names.Net()
    optimizer = names.optimizer(net)
    before = net.scale.item()
    net(X).sum().backward()
    grad = net.scale.grad.item()
    optimizer.step()
    assert net.scale.item() == pytest.approx(before - grad)
    optimizer.zero_grad()
    assert net.scale.grad is None


def test_changes_in_the_test_arrive(names):
    net = names.Net()
    net.scale.data -= 5
    assert names.value(net) == -4
    with torch.no_grad():
        net.scale.fill_(3)
    assert names.value(net) == 3
    state = {name: torch.zeros_like(one) for name, one in net.state_dict().items()}
    net.load_state_dict(state)
    assert names.value(net) == 0
    nn.init.constant_(net.body[0].weight, 2.0)
    assert net.body[0].weight.mean() == 2
    net.requires_grad_(False)
    assert not net(X).requires_grad
    net.body[1].running_mean.fill_(9)
    assert net.body[1].state_dict()["running_mean"].tolist() == [9, 9]


def test_flags(names):
    net = names.Net()
    assert net.training
    assert net.eval() is net
    assert not net.body[1].training
    torch.testing.assert_close(net(X), net(X))
    assert net.body[1].num_batches_tracked == 0
    net.train()
    net(X)
    assert net.body[1].num_batches_tracked == 1
    net.body[1].training = False
    net(X)
    assert net.body[1].num_batches_tracked == 1
    assert not names.Frozen(1, 1).train().training


def test_dtypes(names):
    net = names.Net().double()
    assert net.scale.dtype is torch.float64
    assert net(X.double()).dtype is torch.float64
    assert net.body[1].running_mean.dtype is torch.float64


def test_structure_changes(names):
    net = names.Net()
    names.grow(net)
    assert len(net.blocks) == 3
    assert isinstance(net.body, nn.Identity)
    assert len(list(net.modules())) == 8
    net.body = nn.Sequential(nn.Conv2d(1, 2, 1))
    assert isinstance(net.body[0], nn.Conv2d)
    assert net(X).shape == (4, 1)


def test_tied_parameters(names):
    net = names.Net(tied=True)
    assert net.blocks[0].weight is net.blocks[1].weight
    assert len(list(net.parameters())) == len(list(twin(names.Net()).parameters())) - 1


def test_copies(names):
    net = names.Net()
    other = copy.deepcopy(net)
    other.scale.data += 1
    assert (names.value(net), names.value(other)) == (1, 2)
    with pytest.raises(TypeError, match="save its state_dict"):
        __import__("pickle").dumps(net)


def test_hooks(names):
    net, seen = names.Net(), []
    handle = net.body[1].register_forward_hook(lambda module, inputs, output: seen.append((module, output.shape)))
    net(X)
    assert seen == [(net.body[1], (4, 2, 2, 2))]
    handle.remove()
    net(X)
    assert len(seen) == 1
    net.register_forward_pre_hook(lambda *a: seen.append(0))
    net(X)
    assert len(seen) == 2


def test_inside_a_module_of_the_test(names):
    net = names.Net()
    whole = nn.Sequential(net, nn.Flatten())
    whole(X).sum().backward()
    assert net.scale.grad is not None
    whole.eval()
    assert not net.body[1].training
    torch.testing.assert_close(names.loss(whole, X), whole(X).square().sum())


def test_without_gradients(names):
    net = names.Net()
    with torch.inference_mode():
        assert not net(X).requires_grad
        fetched = names.net
        inside = names.Net()
    fetched(X).sum().backward()
    assert fetched.scale.grad is not None
    with pytest.raises(RuntimeError, match="Inference tensors cannot be saved"):  # as in one process
        inside(X)
    inside.scale.data -= 1
    assert names.value(inside) == 0


def test_the_one_in_the_notebook(names):
    assert names.net.scale is names.weight(names.net)
    assert next(iter(names.net.children())) is names.net.body
