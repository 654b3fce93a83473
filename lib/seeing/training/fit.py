"""The training loop: AdamW, a one-cycle learning rate, and a run that can be interrupted."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from tqdm import trange

from seeing.training.freezing import training_mode
from seeing.training.groups import parameter_groups
from seeing.training.kept_run import finishing_the_step, keep, restore
from seeing.training.loss_terms import Recorded, total_and_record
from seeing.training.precision import as_float32
from seeing.training.schedule import one_cycle


def fit(
    model: nn.Module,
    batch: Callable[[int], tuple[Any, Any]],
    loss: Callable[[Any, Any], Tensor | Mapping[str, Tensor]],
    steps: int,
    *,
    forward: Callable[[Any], Any] | None = None,
    rate: float | Sequence[dict] = 3e-3,
    weight_decay: float = 1e-4,
    clip: float | None = None,
    autocast: torch.dtype | None = None,
    after_step: Callable[[int, Recorded], None] | None = None,
    resume: str | os.PathLike | None = None,
    save_every: int = 100,
    progress: bool = False,
) -> list[Recorded]:
    """Train a model in place.

    A detector says of its predictions, not of its detections, what it lost:

        fit(detector, batch, detector.losses, steps, forward=detector.predict, clip=10.0)

    Args:
        model: in any mode; it is left in evaluation mode. Parts that `freeze(..., statistics=True)` froze stay in it.
        batch: the inputs and targets of step 0, 1, ..., on the model's device. A function of the step alone, so that an
            interrupted run goes on with the batches that it would have seen.
        loss: of the model's output and the targets: a scalar, or a dictionary of scalars, whose sum is minimised.
        steps: number of batches, at least 1.
        forward: what makes the output from the inputs, such as a method of the model; the model itself if left out.
        rate: highest learning rate, or groups as `parameter_groups` makes them. It rises over the first fifth of the
            steps and then falls to nothing.
        weight_decay: of AdamW.
        clip: the largest norm that the gradient of all trained parameters together may have, over 0; a longer one is
            scaled down to it.
        autocast: a lower precision for the forward pass, such as `torch.bfloat16`. The loss gets the output's floating
            tensors in float32, whether the output is a tensor or a (nested) NamedTuple, tuple, list, dictionary or
            dataclass.
        after_step: called after each step with its number, from 0, and its loss as it is returned. It may score the
            model and change its mode, which is put back. What it does lies before what `resume` keeps of the step, so
            that no step is kept without it; after a crash it sees the steps since the last kept one again.
        resume: a file in which the run is kept, every `save_every` steps and when it is interrupted. If it exists, the
            run goes on from there; when the run is complete, it is removed. With it goes the state of the random
            numbers of the CPU and of the model's device.
        save_every: steps.
        progress: whether to draw a bar on stderr.

    Returns:
        The loss of each step made in this call: a float, or the terms as a dictionary of floats if `loss` gives one.

    Raises:
        ValueError: if an argument is out of range, the loss or one of its terms is not finite or not one number, there
            is no term, the gradient to be clipped is not finite, or `resume` holds another run.

    Example:
        >>> model, x = torch.nn.Linear(1, 1), torch.tensor([[-1.0], [1.0]])
        >>> losses = fit(model, lambda step: (x, 2 * x), torch.nn.functional.mse_loss, steps=200, rate=0.1)
        >>> round(model.weight.item(), 2)  # found
        2.0

    Source: Loshchilov and Hutter, Decoupled weight decay regularization (2019); Smith and Topin, Super-convergence
        (2018); Pascanu et al., On the difficulty of training recurrent neural networks (2013), for the clipping.
    """
    if steps < 1 or save_every < 1:
        raise ValueError(f"steps and save_every must be at least 1; got {steps} and {save_every}")
    if clip is not None and not clip > 0:
        raise ValueError(f"clip must be over 0; got {clip}")
    groups = parameter_groups([model], rate) if isinstance(rate, int | float) else [dict(group) for group in rate]
    optimizer = torch.optim.AdamW(groups, weight_decay=weight_decay)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: one_cycle(step / steps))
    device = next(model.parameters()).device
    run = {"model": model, "optimizer": optimizer, "schedule": schedule}
    start = restore(run, resume, steps, device)
    forward = forward or model

    training_mode(model)
    losses: list[Recorded] = []
    with finishing_the_step(resume is not None) as interrupted:
        for step in trange(start, steps, initial=start, total=steps, disable=not progress):
            inputs, targets = batch(step)
            with torch.autocast(device.type, autocast or torch.bfloat16, enabled=autocast is not None):
                outputs = forward(inputs)
            total, value = total_and_record(loss(as_float32(outputs) if autocast else outputs, targets), step)
            optimizer.zero_grad(set_to_none=True)
            total.backward()
            if clip is not None:
                _clip(optimizer, clip, step)
            optimizer.step()
            schedule.step()
            losses.append(value)
            if after_step is not None:
                after_step(step, value)
                training_mode(model)
            if resume is not None and (interrupted() or (step + 1) % save_every == 0):
                keep(run, resume, step + 1, steps, device)
            if interrupted():
                raise KeyboardInterrupt
    model.eval()
    if resume is not None:
        Path(resume).unlink(missing_ok=True)
    return losses


def _clip(optimizer: torch.optim.Optimizer, longest: float, step: int) -> None:
    """Scale all gradients by one factor, so that their norm, taken over all, is `longest` at most."""
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    norm = nn.utils.clip_grad_norm_(parameters, longest)
    if not torch.isfinite(norm):
        raise ValueError(f"the norm of the gradient is {norm.item()} at step {step}: try a lower rate")
