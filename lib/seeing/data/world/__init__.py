"""The procedural scenes: a world of discs, triangles, squares and stars that needs no download."""

from seeing.data.world.dataset import WorldDataset
from seeing.data.world.scenes import Scenes
from seeing.data.world.shapes import CLASSES
from seeing.data.world.world import World
from seeing.moved import moved_names

__all__ = ["CLASSES", "Scenes", "World", "WorldDataset"]

__getattr__ = moved_names("seeing.data.world", {"collate_detection": "seeing.data.collate"})
