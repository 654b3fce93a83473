"""A metric gathered by two processes, over gloo."""

import pickle
import subprocess
import sys

import torch

from seeing.metrics import CalibrationMetrics, SegmentationMetrics, merge_across_processes

PROCESS = """
import pickle, sys
import torch
import torch.distributed as dist
from seeing.metrics import CalibrationMetrics, SegmentationMetrics, merge_across_processes

folder, rank = sys.argv[1], int(sys.argv[2])
dist.init_process_group("gloo", init_method=f"file://{folder}/meeting", rank=rank, world_size=2)
labels = torch.arange(12).view(3, 2, 2) % 3
segmentation = SegmentationMetrics(3, keep_images=True)
segmentation.update(labels + 0 if rank else labels.flip(0), labels)
calibration = CalibrationMetrics(5, keep_rows=True)
calibration.update(torch.tensor([.1, .7]) + rank / 5, torch.tensor([0, 1]))
total = [merge_across_processes(metric) for metric in (segmentation, calibration)]
own = segmentation.images.shape[0]
with open(f"{folder}/{rank}", "wb") as file:
    pickle.dump((total, own), file)
dist.destroy_process_group()
"""


def test_two_processes_agree_on_the_metric_of_all_data(tmp_path):
    running = [subprocess.Popen([sys.executable, "-c", PROCESS, tmp_path, str(rank)]) for rank in range(2)]
    try:
        assert [process.wait(timeout=1800) for process in running] == [0, 0]
    finally:
        for process in running:
            process.kill()
    labels = torch.arange(12).view(3, 2, 2) % 3
    segmentation = SegmentationMetrics(3, keep_images=True)
    segmentation.update(torch.cat([labels.flip(0), labels]), torch.cat([labels, labels]))
    calibration = CalibrationMetrics(5, keep_rows=True)
    for rank in range(2):
        calibration.update(torch.tensor([0.1, 0.7]) + rank / 5, torch.tensor([0, 1]))
    for rank in range(2):
        (got_segmentation, got_calibration), own = pickle.loads((tmp_path / str(rank)).read_bytes())
        assert torch.equal(got_segmentation.images, segmentation.images)
        assert torch.equal(got_segmentation.matrix, segmentation.matrix)
        assert got_calibration.compute() == calibration.compute()
        assert own == 3  # the process's own metric is as it was


def test_a_single_process_keeps_its_metric():
    metric = SegmentationMetrics(2)
    assert merge_across_processes(metric) is metric
