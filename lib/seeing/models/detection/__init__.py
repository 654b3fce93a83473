"""Networks that find objects: each keeps the contract of `Detector`, and a file reads as its paper's figure."""

from seeing.models.detection.detector import Detector
from seeing.models.detection.pnet import PNet
from seeing.models.detection.ssd import SSD
from seeing.models.detection.yolo import YOLO

__all__ = ["SSD", "YOLO", "Detector", "PNet"]
