"""A run in a file: what it takes to go on as if nothing had interrupted it."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from seeing.whole_file import whole_file


@contextlib.contextmanager
def finishing_the_step(wanted: bool) -> Iterator[Callable[[], bool]]:
    """Make Ctrl-C wait for the end of a step, so that no half step is kept; a second Ctrl-C does not wait.

    Args:
        wanted: if False, or in another thread than the main one, Ctrl-C acts as ever.

    Yields:
        Says whether it was pressed.
    """
    if not wanted or threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    pressed: list[int] = []

    def press(number: int, frame: object) -> None:
        if pressed:
            raise KeyboardInterrupt
        pressed.append(number)

    before = signal.signal(signal.SIGINT, press)
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, before)


def keep(parts: dict[str, Any], path: str | os.PathLike, done: int, steps: int, device: torch.device) -> None:
    """Write a run down, with the state of the random numbers.

    Args:
        parts: model, optimizer and schedule: whatever has a `state_dict`.
        path: of the file.
        done: steps made.
        steps: of the whole run.
        device: the model's. CUDA's generator is kept beside the CPU's.
    """
    random = {"cpu": torch.get_rng_state()}
    if device.type == "cuda":
        random["cuda"] = torch.cuda.get_rng_state(device)
    state = {name: part.state_dict() for name, part in parts.items()}
    with whole_file(path) as unfinished:
        torch.save({"done": done, "steps": steps, "random": random, **state}, unfinished)


def restore(parts: dict[str, Any], path: str | os.PathLike | None, steps: int, device: torch.device) -> int:
    """Put everything back as it was when the run was kept.

    Args:
        parts: as `keep` takes them.
        path: of the file, which need not be there.
        steps: of the whole run.
        device: the model's, which need not be the one that the run was kept on; random numbers then go other ways.

    Returns:
        Steps already made, 0 without a file.

    Raises:
        ValueError: if the file holds another run, or none.
    """
    if path is None or not Path(path).exists():
        return 0
    kept = _read(path)
    if kept["steps"] != steps:
        raise ValueError(f"{path} holds a run of {kept['steps']} steps, not {steps}: remove it to start anew")
    try:
        for name, part in parts.items():
            part.load_state_dict(kept[name])
        random = kept["random"]
    except (RuntimeError, ValueError, KeyError) as error:
        raise ValueError(f"{path} holds a run of another model: remove it to start anew ({error})") from None
    # At first only the CPU's state was kept, by itself: such a file still loads.
    random = {"cpu": random} if isinstance(random, Tensor) else random
    torch.set_rng_state(random["cpu"])
    if device.type == "cuda" and "cuda" in random:
        torch.cuda.set_rng_state(random["cuda"], device)
    return kept["done"]


def _read(path: str | os.PathLike) -> dict[str, Any]:
    """A dictionary with "steps" and "done"; all its tensors on the CPU, so that a run may go on on another device."""
    try:
        kept = torch.load(path, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError) as error:
        reason = str(error).partition("\n")[0]
        raise ValueError(f"{path} holds no run that can be read: remove it to start anew ({reason})") from None
    if not isinstance(kept, dict) or not {"steps", "done"} <= kept.keys():
        raise ValueError(f"{path} holds no run of `fit`: name another file, or remove it to start anew")
    return kept
