"""The variational fair autoencoder: its terms by torch.distributions and loops, their signs, and what it does."""

import pytest
import torch
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from torch.distributions import Bernoulli, Categorical, Normal, kl_divergence

from seeing.data import load_adult
from seeing.fairness.representations.binary_features import binary_features
from seeing.fairness.representations.mmd import median_bandwidth, mmd_squared
from seeing.fairness.representations.vfae import (
    Rows,
    VariationalFairAutoencoder,
    VfaeTerms,
    group_mmd,
    vfae_loss,
    vfae_terms,
)
from seeing.training import fit


def some_rows(count=30, columns=6, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return Rows(
        torch.randint(2, (count, columns), generator=generator).float(),
        torch.randint(2, (count,), generator=generator),
        torch.randint(3, (count,), generator=generator),
    )


def small(**changed):
    torch.manual_seed(0)
    return VariationalFairAutoencoder(6, labels=3, width=8, size=4, **changed)


def trained(rows, steps, mmd_weight, rate=3e-3, batch_size=200, fourier=200, seed=0, **shape):
    torch.manual_seed(seed)
    model = VariationalFairAutoencoder(rows.x.shape[1], **shape)

    def batch(step):
        chosen = torch.randint(len(rows.s), (batch_size,), generator=torch.Generator().manual_seed(step))
        part = Rows(*(column[chosen] for column in rows))
        return part, (step, part)

    def loss(output, target):
        return vfae_loss(vfae_terms(output, target[1], fourier=fourier, seed=target[0]), mmd_weight=mmd_weight)

    fit(model, batch, loss, steps, rate=rate)
    return model


def test_the_terms_are_those_of_the_distributions():
    rows = some_rows()
    output = small()(rows)
    terms = vfae_terms(output, rows)

    def normal(part):
        return Normal(part.mean, (part.log_variance / 2).exp())

    def mean(values):
        return values.sum() / len(rows.s)

    z1, z2, prior = normal(output.z1), normal(output.z2), normal(output.z1_prior)
    torch.testing.assert_close(terms.reconstruction, -mean(Bernoulli(logits=output.x).log_prob(rows.x)))
    torch.testing.assert_close(terms.kl_z1, mean(kl_divergence(z1, prior)))
    torch.testing.assert_close(terms.kl_z2, mean(kl_divergence(z2, Normal(torch.zeros(30, 4), 1.0))))
    torch.testing.assert_close(terms.label, -mean(Categorical(logits=output.y).log_prob(rows.y)))
    first, second = output.z1.mean[rows.s == 0], output.z1.mean[rows.s == 1]
    torch.testing.assert_close(terms.mmd, mmd_squared(first, second))


def test_every_term_is_added():
    """A minus before a divergence or the penalty would reward what should be punished."""
    terms = VfaeTerms(*(torch.tensor(value) for value in (1.0, 2.0, 4.0, 8.0, 16.0)))
    assert vfae_loss(terms, label_weight=10, mmd_weight=100) == 1 + 2 + 4 + 80 + 1600
    assert vfae_loss(terms, label_weight=0, mmd_weight=0) == 7
    for changed in ({"label_weight": -1.0}, {"mmd_weight": -1.0}, {"mmd_weight": float("nan")}):
        with pytest.raises(ValueError, match="weights must be at least 0"):
            vfae_loss(terms, **changed)


def test_the_group_reaches_encoder_and_decoder_but_not_the_predictor():
    rows = some_rows()
    other = rows._replace(s=1 - rows.s)
    model = small()
    assert not torch.equal(model.represent(rows.x, rows.s), model.represent(other.x, other.s))
    assert not model.represent(rows.x, rows.s).requires_grad
    outputs = []
    for _ in range(2):
        torch.manual_seed(1)
        outputs.append(model(rows))
    assert torch.equal(outputs[0].x, outputs[1].x)
    torch.testing.assert_close(model.represent(rows.x, rows.s), outputs[0].z1.mean)


def test_draws_have_the_stated_spread():
    rows = some_rows(1)
    z1 = small()(rows).z1
    many = type(z1)(*(part.expand(20_000, -1) for part in z1)).sample()
    torch.testing.assert_close(many.mean(0), z1.mean[0], rtol=0, atol=0.04)
    torch.testing.assert_close(many.var(0), z1.log_variance[0].exp(), rtol=0.05, atol=0)


def test_the_penalty_over_groups():
    z = torch.randn(12, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    s = torch.tensor([0, 1, 2] * 4)
    bandwidth = median_bandwidth(z[:1], z[1:])
    wanted = sum(mmd_squared(z[s == g], z[s != g], bandwidth) for g in range(3)) / 3
    torch.testing.assert_close(group_mmd(z, s), wanted)
    torch.testing.assert_close(group_mmd(z, s, fourier=20_000), wanted, rtol=0, atol=0.01)
    torch.testing.assert_close(group_mmd(z, s % 2), mmd_squared(z[s % 2 == 0], z[s % 2 == 1]))
    alone = group_mmd(z.requires_grad_(), torch.zeros(12, dtype=torch.int64))
    assert alone == 0
    alone.backward()  # a batch of one group only must not stop the training
    assert not z.grad.any()


def test_training_lowers_the_discrepancy_at_the_cost_of_the_label():
    """The label follows the group in four of five rows, so a representation that tells it tells the group."""
    generator = torch.Generator().manual_seed(0)
    s = torch.randint(2, (400,), generator=generator)
    y = s ^ (torch.rand(400, generator=generator) < 0.2).long()
    flips = (torch.rand(400, 6, generator=generator) < 0.1).long()
    rows = Rows((y[:, None] ^ flips).float(), s, y)
    discrepancy, accuracy = [], []
    for weight in (0.0, 1000.0):
        model = trained(rows, 100, weight, rate=1e-2, batch_size=100, fourier=100, width=16, size=4)
        z = model.represent(rows.x, rows.s)
        discrepancy.append(group_mmd(z, s).item())
        accuracy.append((model.predict_y(z).argmax(1) == y).float().mean().item())
    assert discrepancy[0] > 0.1
    assert discrepancy[1] < discrepancy[0] / 5
    assert accuracy[0] > 0.95
    assert accuracy[1] < accuracy[0]


def test_bad_rows_are_refused_with_what_came():
    rows, model = some_rows(), small()
    for changed, text in (
        ({"x": rows.x[:, :5]}, r"x must be \(N, 6\) floating point"),
        ({"x": rows.x.long()}, "torch.int64"),
        ({"x": rows.x - 0.5}, r"in \[0, 1\]; got -0\.5"),
        ({"x": rows.x * float("nan")}, r"in \[0, 1\]; got nan"),
        ({"s": rows.s + 1}, r"s must be \(30,\) int64 in 0\.\.1; got .* up to 2"),
        ({"y": rows.y[:-1]}, r"y must be \(30,\) int64 in 0\.\.2; got torch.int64 \(29,\)"),
        ({"s": rows.s.float()}, "s must be .* got torch.float32"),
    ):
        with pytest.raises(ValueError, match=text):
            model(rows._replace(**changed))
    with pytest.raises(ValueError, match="s must be"):
        model.represent(rows.x, rows.s + 1)


def test_on_adult_a_linear_probe_passes_what_a_forest_breaks(real_data):
    adult = load_adult(real_data, download=False, split="all")
    adult = adult.rows(adult.is_complete())
    train = slice(0, 30_162)
    x, _ = binary_features(adult.columns(), reference=adult.rows(train).columns(), drop=("income", "sex", "fnlwgt"))
    s, y = torch.from_numpy((adult.sex == "Male").astype(int)), torch.from_numpy(adult.income)
    everyone = Rows(torch.from_numpy(x), s, y)
    model = trained(Rows(*(column[train] for column in everyone)), 240, 300.0, batch_size=500)
    z = model.represent(everyone.x, everyone.s).numpy()
    judge = slice(30_162, None)
    linear = LogisticRegression(max_iter=1000).fit(z[train], s[train]).score(z[judge], s[judge])
    forest = RandomForestClassifier(15, min_samples_leaf=5, random_state=0).fit(z[train], s[train])
    assert linear == pytest.approx(0.69, abs=0.03)
    assert forest.score(z[judge], s[judge]) == pytest.approx(0.89, abs=0.03)
    label = LogisticRegression(max_iter=1000).fit(z[train], y[train]).score(z[judge], y[judge])
    assert label > 0.8
