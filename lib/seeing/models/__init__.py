"""The systems of the lecture, one file each, named as in their papers. Each has a width dial; 1 is the paper's."""

from seeing.models.deconvnet import DeconvNet
from seeing.models.fcn import FCN
from seeing.models.fcn_resnet import FCNResNet50
from seeing.models.fully_convolutional import fully_convolutional
from seeing.models.segnet import SegNet
from seeing.models.unet import UNet
from seeing.models.vgg import VGG16

__all__ = ["FCN", "VGG16", "DeconvNet", "FCNResNet50", "SegNet", "UNet", "fully_convolutional"]
