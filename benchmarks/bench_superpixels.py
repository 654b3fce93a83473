"""Our superpixels and selective search beside scikit-image's and OpenCV's, on a photograph of 500x375 pixels."""

import cv2
import numpy as np
import skimage.data
import skimage.segmentation
import skimage.transform
import torch

from benchmarks.harness import Case, report
from seeing.ops import felzenszwalb, selective_search


def photograph() -> np.ndarray:
    """(375, 500, 3) uint8, RGB."""
    return (skimage.transform.resize(skimage.data.astronaut(), (375, 500)) * 255).astype(np.uint8)


def opencv_search(picture: np.ndarray) -> np.ndarray:
    """Boxes of OpenCV's selective search in its fast mode, xywh; `picture` is BGR."""
    search = cv2.ximgproc.segmentation.createSelectiveSearchSegmentation()
    search.setBaseImage(picture)
    search.switchToSelectiveSearchFast()
    return search.process()


def cases() -> dict[str, Case]:
    """Name: ours beside the peer's."""
    picture = photograph()
    bgr = np.ascontiguousarray(picture[..., ::-1])
    image = torch.from_numpy(picture).movedim(-1, 0).contiguous() / 255
    graph = cv2.ximgproc.segmentation.createGraphSegmentation(sigma=0.8, k=100, min_size=50)
    return {
        "felzenszwalb": Case(
            lambda: felzenszwalb(image, 100, 0.8, 50),
            {"scikit-image": lambda: skimage.segmentation.felzenszwalb(picture, 100, 0.8, 50)},
            aim=4.9,
        ),
        "felzenszwalb (OpenCV's has 4 neighbours)": Case(
            lambda: felzenszwalb(image, 100, 0.8, 50), {"OpenCV": lambda: graph.processImage(bgr)}, aim=1.2
        ),
        "selective search, fast, scales 150, 300, 450": Case(
            lambda: selective_search(image, 150, 0.8, 100), {"OpenCV": lambda: opencv_search(bgr)}, aim=3
        ),
    }


if __name__ == "__main__":
    cv2.setNumThreads(1)
    report("superpixels", cases())
