"""Trunks: from images to the maps of all their stages. Each names its `channels` and its `strides`, a number a map."""

from seeing.models.backbones.darknet import DarknetTrunk
from seeing.models.backbones.resnet import ResNet50Trunk
from seeing.models.backbones.ssd_vgg import SSDTrunk
from seeing.models.backbones.vgg import VGG16, VGG16Trunk

__all__ = ["VGG16", "DarknetTrunk", "ResNet50Trunk", "SSDTrunk", "VGG16Trunk"]
