"""RoIAlign's Triton kernels: under the interpreter against the loops for the CPU, and compiled for a GPU."""

import pytest
import torch

from tests.seeing.kernels.aot import compile_kernel

pytest.importorskip("triton", reason="triton is not installed")
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"

# On a map of 4x5: inside, over the border, a point, wholly outside.
BOXES = torch.tensor([[0, 0.5, 1, 3, 3.2], [1, -3, -2, 4, 6], [1, 2, 2, 2, 2], [0, 30, 30, 40, 40]])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("aligned", [False, True])
@pytest.mark.parametrize("ratio", [-1, 2])
@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_it_equals_the_cpus(ratio, aligned, dtype, layout):
    from seeing.kernels.cpu import roi_align as cpu
    from seeing.kernels.gpu import roi_align as gpu

    x = torch.randn(2, 5, 4, 5, generator=torch.Generator().manual_seed(0), dtype=dtype)
    x, boxes = x.contiguous(memory_format=layout), BOXES.to(dtype)
    arguments = (1 / 1.5, ratio, aligned)
    tolerance = 1e-5 if dtype == torch.float32 else 1e-13
    wanted = cpu.roi_align(x, boxes, (2, 3), *arguments)
    got = gpu.roi_align(x.to(DEVICE), boxes.to(DEVICE), (2, 3), *arguments)
    torch.testing.assert_close(got.cpu(), wanted, rtol=0, atol=tolerance)
    assert got.is_contiguous(memory_format=layout)
    grad = torch.randn(wanted.shape, generator=torch.Generator().manual_seed(1), dtype=dtype)
    got = gpu.roi_align_backward(grad.to(DEVICE), boxes.to(DEVICE), x.shape, *arguments)
    wanted = cpu.roi_align_backward(grad, boxes, x.shape, *arguments)
    torch.testing.assert_close(got.cpu(), wanted, rtol=0, atol=tolerance)


def test_many_bins_and_channels_take_several_programs():
    from seeing.kernels.cpu import roi_align as cpu
    from seeing.kernels.gpu import roi_align as gpu

    x = torch.randn(1, 70, 4, 5, generator=torch.Generator().manual_seed(0))
    got = gpu.roi_align(x.to(DEVICE), BOXES[:1].to(DEVICE), (3, 4), 1.0, 1, False)
    torch.testing.assert_close(got.cpu(), cpu.roi_align(x, BOXES[:1], (3, 4), 1.0, 1, False), rtol=0, atol=1e-6)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of numpy, which the interpreter computes with
@pytest.mark.parametrize("box", [[-1e9, -9, 1e9, 9], [-3e38, 0, 3e38, 1]])
def test_absurdly_large_boxes_end_soon_and_stay_on_the_map(box):
    from seeing.kernels.cpu import roi_align as cpu
    from seeing.kernels.gpu import roi_align as gpu

    x, rois = torch.ones(1, 1, 2, 2), torch.tensor([[0, *box]])
    got = gpu.roi_align(x.to(DEVICE), rois.to(DEVICE), (2, 3), 1.0, -1, True)
    torch.testing.assert_close(got.cpu(), cpu.roi_align(x, rois, (2, 3), 1.0, -1, True), rtol=0, atol=1e-6)


def test_no_boxes_and_pixels_without_weight():
    from seeing.kernels.gpu import roi_align as gpu

    x = torch.zeros(1, 1, 4, 4, device=DEVICE)
    assert gpu.roi_align(x, torch.zeros(0, 5, device=DEVICE), (2, 2), 1.0, 2, False).shape == (0, 1, 2, 2)
    grad = torch.zeros(0, 1, 2, 2, device=DEVICE)
    assert not gpu.roi_align_backward(grad, torch.zeros(0, 5, device=DEVICE), (1, 1, 4, 4), 1.0, 2, False).any()
    x[..., 3] = torch.inf
    box = torch.tensor([[0, 1.0, 0, 3, 2]], device=DEVICE)  # its only sample lies on pixel (1, 2)
    assert gpu.roi_align(x, box, (1, 1), 1.0, 1, False).item() == 0


@pytest.mark.parametrize("kernel", ["_pool", "_spread"])
@pytest.mark.parametrize(("number", "bins"), [("fp32", 8), ("fp64", 4)])
def test_it_compiles_for_a_gpu_without_spills(kernel, number, bins):
    sizes = dict.fromkeys(["height", "width", "channels", "rows", "columns"], "i32")
    signature = dict.fromkeys(["pixels", "corners", "bins"], f"*{number}") | {"images": "*i64"} | sizes
    constants = {"RATIO": 0, "ALIGNED": True, "BINS": bins, "CHANNELS": 64}
    report = compile_kernel("seeing.kernels.gpu.roi_align", kernel, signature, constants)
    assert report.spilled_bytes == 0
