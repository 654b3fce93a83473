"""Fits that make scores mean what they say: each is fitted on held-out scores and then changes new ones."""

from seeing.calibration.by_group import GroupCalibration, fit_by_group
from seeing.calibration.histogram_binning import HistogramBinning, fit_histogram
from seeing.calibration.isotonic import IsotonicCalibration, fit_isotonic
from seeing.calibration.platt import PlattScaling, fit_platt
from seeing.calibration.temperature import TemperatureScaling, fit_temperature

__all__ = [
    "GroupCalibration",
    "HistogramBinning",
    "IsotonicCalibration",
    "PlattScaling",
    "TemperatureScaling",
    "fit_by_group",
    "fit_histogram",
    "fit_isotonic",
    "fit_platt",
    "fit_temperature",
]
