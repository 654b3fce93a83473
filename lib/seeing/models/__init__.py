"""The systems of the lecture, one file each, named as in their papers. Each has a width dial; 1 is the paper's."""

from seeing.models.backbones.vgg import VGG16
from seeing.models.detection.pnet import PNet
from seeing.models.detection.ssd import SSD
from seeing.models.detection.yolo import YOLO
from seeing.models.segmentation.deconvnet import DeconvNet
from seeing.models.segmentation.fcn import FCN
from seeing.models.segmentation.fcn_resnet import FCNResNet50
from seeing.models.segmentation.fully_convolutional import fully_convolutional
from seeing.models.segmentation.segnet import SegNet
from seeing.models.segmentation.unet import UNet

__all__ = ["FCN", "SSD", "VGG16", "YOLO", "DeconvNet", "FCNResNet50", "PNet", "SegNet", "UNet", "fully_convolutional"]
