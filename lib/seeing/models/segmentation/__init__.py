"""Networks that give every pixel a class, in the order in which they were thought of."""

from seeing.models.segmentation.deconvnet import DeconvNet
from seeing.models.segmentation.fcn import FCN
from seeing.models.segmentation.fcn_resnet import FCNResNet50
from seeing.models.segmentation.fully_convolutional import fully_convolutional
from seeing.models.segmentation.segnet import SegNet
from seeing.models.segmentation.unet import UNet

__all__ = ["FCN", "DeconvNet", "FCNResNet50", "SegNet", "UNet", "fully_convolutional"]
