"""Metrics of segmentation, detection and calibration: each accumulates over batches and merges across processes."""
