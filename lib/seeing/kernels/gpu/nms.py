"""Greedy non-maximum suppression on a GPU: which pairs overlap, as a bit mask, and one walk along it.

Row i of the mask holds a bit for each box j after i: is their IoU over the limit? All pairs are independent, so the
whole GPU fills it, 64 boxes a word. Who stays is then decided by a single program, in order, 64 boxes at a time: the
word on the diagonal settles these among themselves (the fixed point of `seeing.ops.nms`), and the rows of those that
stay cross out later boxes. The mask is made in bands of rows, so it never takes more than `MASK_BYTES`.

An IoU must come out as on the CPU to the last bit, because one just over the limit decides. Two habits of GPU
compilers are switched off for that: to divide approximately (`div_rn` rounds correctly), and to fuse a product and a
sum into one operation that rounds once (`enable_fp_fusion=False`). torchvision's CUDA op is compiled with the latter,
so it may differ in the last bit, from its own CPU op too; this one does not.
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

MASK_BYTES = 2**27
BITS = 64


def nms(boxes: Tensor, scores: Tensor, limit: float, idxs: Tensor | None = None) -> Tensor:
    """The kept indices, by falling score.

    Args:
        boxes: (N, 4) float32, proper.
        scores: (N,), without NaN.
        limit: a box goes if its IoU with a kept one is over this; representable in float32.
        idxs: (N,) int64; if given, boxes suppress only those of their own category.
    """
    n = len(boxes)
    order = scores.argsort(descending=True, stable=True)
    boxes = boxes[order].contiguous()
    groups = order if idxs is None else idxs[order].contiguous()
    words = triton.cdiv(n, BITS)
    # Whole words of rows in a band; their bits below the diagonal are never written and never read.
    band = min(words, max(1, MASK_BYTES // (8 * BITS * max(words, 1))))
    mask = torch.empty(band * BITS, words, dtype=torch.int64, device=boxes.device)
    dead = torch.zeros(words, dtype=torch.int64, device=boxes.device)
    with torch.cuda.device_of(boxes):  # Triton launches on the current device
        for first in range(0, words, max(band, 1)):
            rows = min(band, words - first)
            fill_mask[(rows, words - first)](
                boxes, groups, mask, n, words, first, limit, idxs is not None, BITS, enable_fp_fusion=False, num_warps=8
            )
            walk[(1,)](mask, dead, words, first, first + rows, BITS, 64, num_warps=8, num_stages=1)
    gone = (dead[:, None] >> torch.arange(BITS, device=boxes.device)) & 1
    return order[gone.flatten()[:n] == 0]


@triton.jit
def fill_mask(boxes, groups, mask, n, words, first, limit, grouped: tl.constexpr, bits: tl.constexpr):
    """One program: 64 boxes of the band against 64 boxes, the former's own or later ones.

    Args:
        boxes: (n, 4) by falling score.
        groups: (n,) categories, read if `grouped`.
        mask: (rows of the band, words) to fill.
        n: number of boxes.
        words: words in a row of the mask.
        first: the band's first word.
        limit: the IoU to be over.
        grouped: whether categories count.
        bits: boxes in a word, 64.
    """
    word_i = first + tl.program_id(0)
    word_j = first + tl.program_id(1)
    if word_j < word_i:
        return
    i = word_i * bits + tl.arange(0, bits)
    j = word_j * bits + tl.arange(0, bits)
    left_i, top_i, right_i, bottom_i = _corners(boxes, i, n)
    left_j, top_j, right_j, bottom_j = _corners(boxes, j, n)
    area_i = (right_i - left_i) * (bottom_i - top_i)
    area_j = (right_j - left_j) * (bottom_j - top_j)
    width = tl.minimum(right_i[:, None], right_j[None]) - tl.maximum(left_i[:, None], left_j[None])
    height = tl.minimum(bottom_i[:, None], bottom_j[None]) - tl.maximum(top_i[:, None], top_j[None])
    inter = tl.where(width > 0, width, 0.0) * tl.where(height > 0, height, 0.0)
    over = tl.math.div_rn(inter, area_i[:, None] + area_j[None] - inter) > limit
    over = over & (j[None] > i[:, None]) & (j[None] < n)
    if grouped:
        group_i = tl.load(groups + i, i < n, 0)
        group_j = tl.load(groups + j, j < n, 0)
        over = over & (group_i[:, None] == group_j[None])
    word = tl.sum(over.to(tl.int64) << tl.arange(0, bits)[None].to(tl.int64), 1)
    row = (i - first * bits).to(tl.int64)  # times words, this may not fit into 32 bits
    tl.store(mask + row * words + word_j, word)


@triton.jit
def _corners(boxes, i, n):
    at, inside = boxes + i.to(tl.int64) * 4, i < n
    left, top = tl.load(at, inside, 0.0), tl.load(at + 1, inside, 0.0)
    right, bottom = tl.load(at + 2, inside, 0.0), tl.load(at + 3, inside, 0.0)
    return left, top, right, bottom


@triton.jit
def walk(mask, dead, words, first, last, bits: tl.constexpr, span: tl.constexpr):
    """The one program that decides, word after word, who stays.

    Args:
        mask: (rows of the band, words).
        dead: (words,) bits of the boxes that are gone; read and written.
        words: words in a row of the mask.
        first: the band's first word.
        last: one after the band's last word.
        bits: boxes in a word, 64.
        span: words crossed out at once.
    """
    place = tl.arange(0, bits).to(tl.int64)
    for word in range(first, last):
        row = (word - first).to(tl.int64) * bits + place
        diagonal = tl.load(mask + row * words + word)
        given = tl.load(dead + word)
        gone = given
        before = ~given
        while gone != before:
            before = gone
            gone = given | _any_bits(tl.where(((before >> place) & 1) == 0, diagonal, 0))
        tl.store(dead + word, gone)
        stays = ((gone >> place) & 1) == 0
        for start in range(word + 1, words, span):
            column = start + tl.arange(0, span)
            inside = column < words
            crossed = tl.load(mask + row[:, None] * words + column[None], stays[:, None] & inside[None], 0)
            # A thread may read a word that a twin of it has just written: the bits are the same.
            tl.store(dead + column, tl.load(dead + column, inside, 0) | _any_bits(crossed), inside)
        tl.debug_barrier()  # the next word's bits were written by other threads


@triton.jit
def _any_bits(x):
    return tl.reduce(x, 0, _or)


@triton.jit
def _or(a, b):
    return a | b
