"""The world as a torch Dataset, for a DataLoader with as many workers as one likes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from torch import Tensor
from torch.utils.data import Dataset

from seeing.data.target import DetectionTarget
from seeing.data.world.world import World

Sample = tuple[Tensor, Tensor] | tuple[Tensor, DetectionTarget]


class WorldDataset(Dataset):
    """The first scenes of a seed, painted whenever they are asked for; nothing is stored.

    A DataLoader asks for a whole batch at once, and the batch is painted at once, which is several times faster
    than one by one. About 32 is the best batch size on a CPU.

    Args:
        world: what scenes look like.
        count: how many there are.
        seed: other seeds give unrelated scenes: one for training, one for testing.
        task: what comes with an image (3, H, W). "segmentation": the label map (H, W), 255 where a pixel does not
            count. "detection": a `DetectionTarget`, in which what is nearly hidden is marked `iscrowd`; such samples
            need `collate_fn=collate_detection`.

    Example:
        >>> image, labels = WorldDataset(World(size=32), count=100)[7]
        >>> image.shape, labels.shape, labels.dtype
        (torch.Size([3, 32, 32]), torch.Size([32, 32]), torch.int64)
    """

    def __init__(
        self, world: World, count: int, seed: int = 0, task: Literal["segmentation", "detection"] = "segmentation"
    ):
        if task not in ("segmentation", "detection"):
            raise ValueError(f'task must be "segmentation" or "detection"; got {task!r}')
        if not isinstance(count, int) or count < 0:
            raise ValueError(f"count must be a whole number, 0 or more; got {count}")
        self.world, self.count, self.seed, self.task = world, count, seed, task

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> Sample:
        return self.__getitems__([index])[0]

    def __getitems__(self, indices: Sequence[int]) -> list[Sample]:
        """Several samples at once; a DataLoader calls this with the indices of a batch."""
        indices = [int(i) for i in indices]
        if any(not 0 <= i < self.count for i in indices):
            raise IndexError(f"there are {self.count} scenes; got numbers {indices}")
        scenes = self.world.numbered(indices, self.seed)
        answers = scenes.semantic if self.task == "segmentation" else scenes.targets(include_ignored=True)
        return list(zip(scenes.image, answers, strict=True))
