"""Gradients through the student's process."""

import pytest
import torch
from torch import nn

CODE = """
import torch
def softmax(x):
    z = (x - x.max(-1, keepdim=True).values).exp()
    return z / z.sum(-1, keepdim=True)
def many(x, w): return {"y": x * w, "n": [x.detach(), (w.sum(), 3)], "i": x}
def first(x, w): return x * 2
def relu_(x): return x.clamp_(min=0)
def f(z): return (z * z.conj()).real
w = torch.tensor([2.0], requires_grad=True)
def linear(x): return x * w
class Layer:
    def __init__(self): self.w = torch.ones(2, requires_grad=True)
    def __call__(self, x): self.h = x * self.w; self.h.retain_grad(); return self.h * 2
class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x): ctx.save_for_backward(x); return x * x
    @staticmethod
    def backward(ctx, g): return g * 2 * ctx.saved_tensors[0]
def square(x): return Square.apply(x)
def take(x): x.sum().backward(); return x.grad
import gc
def graphs():
    gc.collect()
    from proctor.remote.student import STUDENTS
    return len(next(iter(STUDENTS.values())).graphs)
"""


NAMES = ("softmax", "many", "first", "relu_", "f", "w", "linear", "Layer", "square", "take", "graphs")


@pytest.fixture
def names(student):
    found = student(CODE).names(
        *["softmax", "many", "first", "relu_", "f", "w", "linear", "Layer", "square", "take", "graphs"]
    )
    return type("Names", (), {name: staticmethod(value) for name, value in found.items()})


def leaf(*shape, dtype=torch.float64):
    return torch.randn(*shape, dtype=dtype, requires_grad=True)


def test_gradcheck(names):
    assert torch.autograd.gradcheck(names.softmax, (leaf(3, 4),))
    assert torch.autograd.gradcheck(names.square, (leaf(3),))
    assert torch.autograd.gradcheck(names.f, (leaf(2, dtype=torch.complex128),))
    assert torch.autograd.gradcheck(lambda x, w: names.many(x, w)["y"], (leaf(3), leaf(3)))


def test_nested_outputs(names):
    x, w = torch.tensor([3.0], requires_grad=True), torch.tensor([5.0], requires_grad=True)
    got = names.many(x, w)
    assert got["i"] is x
    assert not got["n"][0].requires_grad
    assert got["n"][1][0].requires_grad
    assert got["n"][1][1] == 3
    (got["y"] + got["n"][1][0]).backward()
    assert (x.grad.item(), w.grad.item()) == (5, 4)


def test_unused_inputs_have_no_gradient(names):
    x, w = leaf(2), leaf(2)
    names.first(x, w).sum().backward()
    assert x.grad.tolist() == [2, 2]
    assert w.grad is None


def test_through_the_test_and_back(names):
    """Test, student, test, student: one graph."""
    x = leaf(3, 4)
    got = names.softmax(names.square(x * 2) + 1).square().sum()
    (grad,) = torch.autograd.grad(got, x)
    want = ((x * 2).square() + 1).softmax(-1).square().sum()
    torch.testing.assert_close(grad, torch.autograd.grad(want, x)[0])


def test_in_place_on_no_leaf(names):
    x = torch.tensor([-1.0, 2.0], requires_grad=True)
    y = x * 3
    names.relu_(y).sum().backward()
    assert x.grad.tolist() == [0, 3]
    with pytest.raises(RuntimeError, match="leaf Variable that requires grad"):
        names.relu_(x)


def test_twice_and_partly(names):
    x = leaf(3)
    y = names.square(x)
    y[0].backward()
    y[1].backward()
    torch.testing.assert_close(x.grad, torch.stack([2 * x[0], 2 * x[1], torch.zeros(())]).detach().double())


def test_leaves_of_the_student(names):
    """A tensor of the notebook that a function uses: its gradient arrives where the test holds it."""
    names.linear(torch.tensor([3.0])).backward()
    assert names.w.grad.tolist() == [3]
    with torch.no_grad():
        names.w -= 1
    assert names.linear(torch.tensor([3.0])).item() == 3
    layer = names.Layer()
    layer(torch.ones(2)).sum().backward()
    assert layer.w.grad.tolist() == [2, 2]


def test_a_backward_pass_there(names):
    x = leaf(2)
    assert names.take(x).tolist() == [1, 1]
    assert x.grad.tolist() == [1, 1]


def test_no_grad(names):
    x = leaf(2)
    with torch.no_grad():
        assert not names.square(x).requires_grad
    with torch.inference_mode():
        assert not names.square(x).requires_grad
    assert names.square(x).requires_grad


def test_second_derivatives_are_refused(names):
    x = leaf(2)
    (grad,) = torch.autograd.grad(names.square(x).sum(), x, create_graph=True)
    torch.testing.assert_close(grad, 2 * x)
    with pytest.raises(RuntimeError, match="second derivatives do not pass between test and student"):
        grad.sum().backward()


def test_graphs_are_released(names):
    x = leaf(2)
    held = [names.square(x) for _ in range(4)]
    assert names.graphs() == 4
    del held[1:]
    assert names.graphs() == 1
    held[0].sum().backward()
    del held
    assert names.graphs() == 0


def test_parameters_of_the_test(names):
    p = nn.Parameter(torch.ones(2))
    optimizer = torch.optim.SGD([p], 0.5)
    names.square(p).sum().backward()
    optimizer.step()
    assert p.tolist() == [0, 0]
