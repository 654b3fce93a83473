"""COCO's evaluation: records from tensors or files, matched image by image, then the curves and the twelve numbers."""
