"""Hard negatives and balanced samples, against torchvision, against slow loops and by their distribution."""

import pytest
import torch
from torchvision.models.detection._utils import BalancedPositiveNegativeSampler

from seeing.ops.sampling import balanced_sample, hard_negative_mining


def batch(seed: int, images: int = 4, anchors: int = 50):
    generator = torch.Generator().manual_seed(seed)
    loss = torch.rand(images, anchors, generator=generator)
    return loss, torch.rand(images, anchors, generator=generator) > 0.9


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("ratio", [0, 1, 2.5, 3])
def test_hard_negatives_equal_the_ranks_of_torchvisions_loss(seed, ratio):
    loss, positive = batch(seed)
    negative_loss = loss.masked_fill(positive, -torch.inf)
    rank = negative_loss.sort(1, descending=True)[1].sort(1)[1]  # as its SSD computes them
    wanted = rank < ratio * positive.sum(1, keepdim=True)
    assert torch.equal(hard_negative_mining(loss, positive, ratio), wanted)


def test_hard_negatives_by_hand():
    loss = torch.tensor([[0.1, 0.9, 0.5, 0.5, 0.5, 0.2], [0.1, 0.9, 0.5, 0.5, 0.5, 0.2]])
    positive = torch.tensor([[False, True, False, False, False, False], [False] * 6])
    # Two of three equal losses: the first two. Without a positive, nothing.
    assert hard_negative_mining(loss, positive, 2).int().tolist() == [[0, 0, 1, 1, 0, 0], [0] * 6]
    ignored = torch.tensor([[False, False, True, False, False, False], [True] * 6])
    assert hard_negative_mining(loss, positive, 2, ignored).int().tolist() == [[0, 0, 0, 1, 1, 0], [0] * 6]


def test_where_negatives_run_out_no_positive_is_taken_for_one():
    loss, positive = torch.rand(5), torch.tensor([True, True, True, False, False])
    assert hard_negative_mining(loss, positive, 3).tolist() == [False, False, False, True, True]


def test_hard_negatives_of_infinite_loss_gradients_and_nothing():
    positive = torch.tensor([True, False, False])
    loss = torch.tensor([0.0, torch.inf, 1], requires_grad=True)
    assert hard_negative_mining(loss, positive, 1).tolist() == [False, True, False]
    assert hard_negative_mining(torch.zeros(2, 0), torch.zeros(2, 0).bool()).shape == (2, 0)
    assert hard_negative_mining(torch.zeros(0, 3), torch.zeros(0, 3).bool()).shape == (0, 3)


@pytest.mark.parametrize(
    ("positives", "negatives", "num", "fraction"),
    [(20, 200, 64, 0.5), (100, 200, 64, 0.25), (100, 10, 64, 0.5), (0, 10, 4, 0.5), (9, 0, 4, 0.5), (5, 5, 0, 1)],
)
def test_sample_sizes_equal_torchvision(positives, negatives, num, fraction):
    matches = torch.cat([torch.arange(positives), torch.full((negatives,), -1), torch.full((7,), -2)])
    matches = matches[torch.randperm(len(matches), generator=torch.Generator().manual_seed(0))]
    peer = BalancedPositiveNegativeSampler(num, fraction)
    masks = peer([(matches + 1).clamp(min=-1)])
    chosen = balanced_sample(matches, num, fraction)
    assert [len(c) for c in chosen] == [int(mask[0].sum()) for mask in masks]
    assert (matches[chosen[0]] >= 0).all()
    assert (matches[chosen[1]] == -1).all()
    for indices in chosen:
        assert torch.equal(indices, indices.unique())
        assert indices.dtype == torch.int64


def test_every_anchor_is_equally_likely():
    matches = torch.tensor([0, 1, 2, 3, -1, -1, -1, -1, -1, -1, -2])
    generator, counts, rounds = torch.Generator().manual_seed(0), torch.zeros(11), 4000
    for _ in range(rounds):
        counts[torch.cat(balanced_sample(matches, 4, 0.25, generator))] += 1
    # One of four positives, three of six negatives: 1/4 and 1/2, here to within four standard deviations.
    wanted = torch.tensor([0.25] * 4 + [0.5] * 6 + [0])
    deviation = (wanted * (1 - wanted) / rounds).sqrt()
    assert ((counts / rounds - wanted).abs() <= 4 * deviation).all()


def test_the_same_seed_gives_the_same_sample():
    matches = torch.arange(100) % 3 - 1
    first, second = (balanced_sample(matches, 20, 0.5, torch.Generator().manual_seed(7)) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))


def test_a_sample_of_nothing():
    assert [len(c) for c in balanced_sample(torch.zeros(0).long(), 8, 0.5)] == [0, 0]


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_the_same_on_a_gpu():
    loss, positive = batch(0)
    assert torch.equal(hard_negative_mining(loss.cuda(), positive.cuda()).cpu(), hard_negative_mining(loss, positive))
    matches = torch.arange(100) % 3 - 1
    wanted = balanced_sample(matches, 20, 0.5, torch.Generator().manual_seed(7))
    got = balanced_sample(matches.cuda(), 20, 0.5, torch.Generator().manual_seed(7))
    assert all(torch.equal(a.cpu(), b) for a, b in zip(got, wanted, strict=True))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: hard_negative_mining(torch.zeros(3), torch.zeros(3)), "positive must be bool.*float32"),
        (lambda: hard_negative_mining(torch.zeros(3), torch.zeros(2).bool()), r"\(3,\); got torch.bool \(2,\)"),
        (lambda: hard_negative_mining(torch.zeros(1), torch.ones(1).bool(), -1), "ratio must be at least 0; got -1"),
        (lambda: hard_negative_mining(torch.zeros(1), torch.ones(1).bool(), 1, torch.ones(1)), "ignored must be bool"),
        (lambda: balanced_sample(torch.zeros(3), 1, 0.5), r"\(N,\) int64; got torch.float32"),
        (lambda: balanced_sample(torch.tensor([-3]), 1, 0.5), "got -3"),
        (lambda: balanced_sample(torch.tensor([0]), -1, 0.5), "got -1 and 0.5"),
        (lambda: balanced_sample(torch.tensor([0]), 1, 1.5), "got 1 and 1.5"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(call, message):
    with pytest.raises(ValueError, match=message):
        call()
