"""Runs that are written down one by one: an interrupted command goes on with what is missing."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Hashable
from typing import Any

import torch
from tqdm import tqdm

from seeing import recorded


def one_thread() -> None:
    """Two runs at a time are faster than one on two threads."""
    torch.set_num_threads(1)


def run_all(subject: str, wanted: list, train: Callable[[Any], dict], key: Callable[[dict], Hashable]) -> None:
    """Do the runs that a subject's file does not hold yet, two at a time, and write each down when it is over.

    Args:
        subject: names the record.
        wanted: the runs, hashable, in the order in which the records are to stand.
        train: from a run to its record; started in another process, so at the top of its module.
        key: from a record to its run.
    """
    done = recorded.load(subject)["runs"] if subject in recorded.names() else []
    held = {key(record) for record in done}
    left = [run for run in wanted if run not in held]
    with multiprocessing.get_context("spawn").Pool(2, initializer=one_thread) as pool:
        for record in tqdm(pool.imap_unordered(train, left), subject, total=len(left)):
            done.append(record)
            done.sort(key=lambda r: wanted.index(key(r)))
            recorded.write(subject, {"command": "make train", "runs": done}, part="segmentation")
