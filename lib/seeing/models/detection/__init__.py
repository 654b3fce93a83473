"""Networks that find objects: each keeps the contract of `Detector`, and a file reads as its paper's figure."""

from seeing.models.detection.detector import Detector

__all__ = ["Detector"]
