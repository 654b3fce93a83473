"""One training loop for the whole course: AdamW, a one-cycle learning rate, and a run that can be interrupted."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from tqdm import trange

from seeing.whole_file import whole_file


def fit(
    model: nn.Module,
    batch: Callable[[int], tuple[Tensor, Tensor]],
    loss: Callable[[Tensor, Tensor], Tensor],
    steps: int,
    *,
    rate: float | Sequence[dict] = 3e-3,
    weight_decay: float = 1e-4,
    autocast: torch.dtype | None = None,
    resume: str | os.PathLike | None = None,
    save_every: int = 100,
    progress: bool = False,
) -> list[float]:
    """Train a model in place.

    Args:
        model: in any mode; it is left in evaluation mode.
        batch: the inputs and targets of step 0, 1, ..., on the model's device. A function of the step alone, so that an
            interrupted run goes on with the batches that it would have seen.
        loss: of the model's output and the targets, a scalar.
        steps: number of batches, at least 1.
        rate: highest learning rate, or groups as `parameter_groups` makes them. It rises over the first fifth of the
            steps and then falls to nothing.
        weight_decay: of AdamW.
        autocast: a lower precision for the forward pass, such as `torch.bfloat16`.
        resume: a file in which the run is kept, every `save_every` steps and when it is interrupted. If it exists, the
            run goes on from there; when the run is complete, it is removed.
        save_every: steps.
        progress: whether to draw a bar on stderr.

    Returns:
        The loss of each step made in this call.

    Raises:
        ValueError: if an argument is out of range, the loss is not finite, or `resume` holds another run.

    Example:
        >>> model, x = torch.nn.Linear(1, 1), torch.tensor([[-1.0], [1.0]])
        >>> losses = fit(model, lambda step: (x, 2 * x), torch.nn.functional.mse_loss, steps=200, rate=0.1)
        >>> round(model.weight.item(), 2)  # found
        2.0

    Source: Loshchilov and Hutter, Decoupled weight decay regularization (2019); Smith and Topin, Super-convergence
        (2018).
    """
    if steps < 1 or save_every < 1:
        raise ValueError(f"steps and save_every must be at least 1; got {steps} and {save_every}")
    groups = parameter_groups([model], rate) if isinstance(rate, int | float) else [dict(group) for group in rate]
    optimizer = torch.optim.AdamW(groups, weight_decay=weight_decay)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: one_cycle(step / steps))
    run = {"model": model, "optimizer": optimizer, "schedule": schedule}
    start = _restore(run, resume, steps)
    device = next(model.parameters()).device

    model.train()
    losses: list[float] = []
    with _finishing_the_step(resume is not None) as interrupted:
        for step in trange(start, steps, initial=start, total=steps, disable=not progress):
            inputs, targets = batch(step)
            with torch.autocast(device.type, autocast or torch.bfloat16, enabled=autocast is not None):
                outputs = model(inputs)
            value = loss(outputs.float() if autocast else outputs, targets)
            losses.append(value.item())
            if not torch.isfinite(value):
                raise ValueError(f"the loss is {losses[-1]} at step {step}: try a lower rate")
            optimizer.zero_grad(set_to_none=True)
            value.backward()
            optimizer.step()
            schedule.step()
            if resume is not None and (interrupted() or (step + 1) % save_every == 0):
                _keep(run, resume, step + 1, steps)
            if interrupted():
                raise KeyboardInterrupt
    model.eval()
    if resume is not None:
        Path(resume).unlink(missing_ok=True)
    return losses


def one_cycle(done: float) -> float:
    """The learning rate's share of its highest value: up along a line, down along half a cosine.

    Args:
        done: share of the run that is over, in [0, 1].

    Returns:
        1/25 at the start, 1 after a fifth, 0 at the end.
    """
    if done < 0.2:
        return 0.04 + 0.96 * done / 0.2
    return 0.5 + 0.5 * math.cos(math.pi * (done - 0.2) / 0.8)


def freeze(module: nn.Module) -> None:
    """Keep a module's parameters as they are: `fit` leaves them out.

    Its batch normalisation still adapts its running statistics while the module is in training mode.
    """
    module.requires_grad_(False)


def parameter_groups(parts: Iterable[nn.Module], rate: float, decay: float = 1.0) -> list[dict]:
    """Groups for `fit(rate=...)`, each with its own learning rate: later parts learn fastest.

    Args:
        parts: from the input to the output, without parameters in common; frozen parameters are left out.
        rate: of the last part.
        decay: each part before learns this many times as fast as the one after it, in (0, 1].

    Raises:
        ValueError: if there is nothing to train, or `decay` is out of range.

    Source: Howard and Ruder, Universal language model fine-tuning for text classification (2018), section 3.2.
    """
    if not 0 < decay <= 1:
        raise ValueError(f"decay must be in (0, 1]; got {decay}")
    parts = list(parts)
    groups = [
        {"params": [p for p in part.parameters() if p.requires_grad], "lr": rate * decay ** (len(parts) - 1 - i)}
        for i, part in enumerate(parts)
    ]
    groups = [group for group in groups if group["params"]]
    if not groups:
        raise ValueError("there is nothing to train: every parameter is frozen")
    return groups


@contextlib.contextmanager
def _finishing_the_step(wanted: bool) -> Iterator[Callable[[], bool]]:
    """Make Ctrl-C wait for the end of a step, so that no half step is kept; a second Ctrl-C does not wait."""
    if not wanted or threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    pressed = []

    def press(number: int, frame: object) -> None:
        if pressed:
            raise KeyboardInterrupt
        pressed.append(number)

    before = signal.signal(signal.SIGINT, press)
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, before)


def _keep(run: dict, path: str | os.PathLike, done: int, steps: int) -> None:
    state = {name: part.state_dict() for name, part in run.items()}
    with whole_file(path) as unfinished:
        torch.save({"done": done, "steps": steps, "random": torch.get_rng_state(), **state}, unfinished)


def _restore(run: dict, path: str | os.PathLike | None, steps: int) -> int:
    """The number of steps already done, with everything put back as it was after them."""
    if path is None or not Path(path).exists():
        return 0
    kept = torch.load(path, weights_only=True)
    if kept["steps"] != steps:
        raise ValueError(f"{path} holds a run of {kept['steps']} steps, not {steps}: remove it to start anew")
    try:
        for name, part in run.items():
            part.load_state_dict(kept[name])
    except (RuntimeError, ValueError, KeyError) as error:
        raise ValueError(f"{path} holds a run of another model: remove it to start anew ({error})") from None
    torch.set_rng_state(kept["random"])
    return kept["done"]
