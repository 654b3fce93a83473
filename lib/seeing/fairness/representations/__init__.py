"""What a representation still knows of the group: probes, distances between distributions, and ways to remove it."""

from seeing.fairness.representations.binary_features import binary_features
from seeing.fairness.representations.camera import Camera, adapt_batch_norm, small_encoder, standardise_colours
from seeing.fairness.representations.gaussian_kl import gaussian_kl
from seeing.fairness.representations.gradient_reversal import (
    Adversarial,
    AdversarialModel,
    adversarial_loss,
    ganin_schedule,
    reverse_gradient,
)
from seeing.fairness.representations.leakage_curve import CurvePoint, leakage_curve
from seeing.fairness.representations.linear_erasure import LinearEraser, fit_linear_eraser
from seeing.fairness.representations.mmd import gaussian_kernel, median_bandwidth, mmd_p_value, mmd_squared
from seeing.fairness.representations.probes import Probe, leakage, probe
from seeing.fairness.representations.random_fourier_features import (
    RandomFourierFeatures,
    mmd_squared_fourier,
    random_fourier_features,
)
from seeing.fairness.representations.vfae import (
    Rows,
    VariationalFairAutoencoder,
    VfaeOutput,
    VfaeTerms,
    group_mmd,
    vfae_loss,
    vfae_terms,
)

__all__ = [
    "Adversarial",
    "AdversarialModel",
    "Camera",
    "CurvePoint",
    "LinearEraser",
    "Probe",
    "RandomFourierFeatures",
    "Rows",
    "VariationalFairAutoencoder",
    "VfaeOutput",
    "VfaeTerms",
    "adapt_batch_norm",
    "adversarial_loss",
    "binary_features",
    "fit_linear_eraser",
    "ganin_schedule",
    "gaussian_kernel",
    "gaussian_kl",
    "group_mmd",
    "leakage",
    "leakage_curve",
    "median_bandwidth",
    "mmd_p_value",
    "mmd_squared",
    "mmd_squared_fourier",
    "probe",
    "random_fourier_features",
    "reverse_gradient",
    "small_encoder",
    "standardise_colours",
    "vfae_loss",
    "vfae_terms",
]
