"""The procedural scenes: a world of discs, triangles, squares and stars that needs no download."""

from seeing.data.world.dataset import WorldDataset, collate_detection
from seeing.data.world.scenes import Scenes
from seeing.data.world.shapes import CLASSES
from seeing.data.world.world import World

__all__ = ["CLASSES", "Scenes", "World", "WorldDataset", "collate_detection"]
