"""A change of domain that one can see: the same pictures through another camera, and three ways to get over it."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from seeing.arrays import takes_arrays


@dataclass(frozen=True)
class Camera:
    """What a camera does to the colours of N pictures: mix the channels, bend, scale and lift them.

    Attributes:
        mix: (N, 3, 3) or (1, 3, 3): a row says what a new channel takes from red, green and blue.
        gamma: (N, 1) or (1, 1): exponent, above 0; over 1 the dark gets darker.
        gain: (N, 3) or (1, 3): factor of each channel.
        lift: (N, 3) or (1, 3): added to each channel.
    """

    mix: Tensor
    gamma: Tensor
    gain: Tensor
    lift: Tensor

    @classmethod
    def cheap(cls) -> Camera:
        """The new camera of the course: one for all pictures."""
        return cls(
            mix=torch.tensor([[[0.6, 0.4, 0.0], [0.1, 0.6, 0.3], [0.3, 0.1, 0.6]]]),
            gamma=torch.tensor([[1.5]]),
            gain=torch.tensor([[0.6, 0.4, 0.3]]),
            lift=torch.tensor([[0.3, 0.15, 0.05]]),
        )

    @classmethod
    def random(cls, count: int, generator: torch.Generator) -> Camera:
        """Another camera for each picture, as somebody would guess who has not seen the new one.

        Args:
            count: N.
            generator: of the draws.

        Returns:
            Shares of channels that are uniform on the triangle, gamma between 1/2 and 2 (uniform in its logarithm),
            gain in [0.3, 1] and lift in [0, 1 - gain].
        """
        shares = -torch.rand(count, 3, 3, generator=generator).clamp_min(1e-9).log()
        gain = 0.3 + 0.7 * torch.rand(count, 3, generator=generator)
        return cls(
            mix=shares / shares.sum(2, keepdim=True),
            gamma=2 ** (2 * torch.rand(count, 1, generator=generator) - 1),
            gain=gain,
            lift=(1 - gain) * torch.rand(count, 3, generator=generator),
        )

    @takes_arrays("images")
    def take(self, images: Tensor) -> Tensor:
        """The pictures as this camera takes them.

        Args:
            images: (N, 3, H, W) in [0, 1].

        Returns:
            lift + gain (mix x)^gamma, cut off at 0 and 1; as images.

        Raises:
            ValueError: if the images are not these.
        """
        _check_pictures(images, channels=3)
        if len(self.mix) not in (1, len(images)):
            raise ValueError(f"this is the camera of {len(self.mix)} pictures; got {len(images)}")
        mix, gamma, gain, lift = (part.to(images) for part in (self.mix, self.gamma, self.gain, self.lift))
        mixed = torch.einsum("noc,nchw->nohw", mix.expand(len(images), 3, 3), images).clamp(0, 1)
        bent = mixed ** gamma[:, :, None, None]
        return (lift[:, :, None, None] + gain[:, :, None, None] * bent).clamp(0, 1)


@takes_arrays("images")
def standardise_colours(images: Tensor) -> Tensor:
    """Each channel of each picture to mean 0 and standard deviation 1 over its pixels; a constant one to 0.

    What a camera does to a channel with a gain above 0 and a lift is undone by this, if nothing is cut off.

    Args:
        images: (N, C, H, W), floating point.

    Raises:
        ValueError: if the images are not these.

    Example:
        >>> standardise_colours(torch.tensor([1.0, 3.0]).reshape(1, 1, 1, 2))
        tensor([[[[-1.,  1.]]]])
    """
    _check_pictures(images)
    if not images.numel():
        return images.clone()
    spread, mean = torch.std_mean(images, (2, 3), correction=0, keepdim=True)
    return (images - mean) / spread.clamp_min(1e-6)


@takes_arrays("images")
def adapt_batch_norm(model: nn.Module, images: Tensor, batch: int = 100) -> None:
    """Replace the statistics of all batch normalisations by those of other pictures; no weight changes.

    Args:
        model: in any mode; it is left in evaluation mode.
        images: (N, ...) inputs of the model, without labels, N at least 2.
        batch: pictures at a time; the statistics are the mean over the batches. One left over joins no batch.

    Raises:
        ValueError: if there is no batch normalisation with running statistics, or fewer than two pictures.

    Source: Li et al., Revisiting batch normalization for practical domain adaptation (2017).
    """
    layers = [m for m in model.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm) and m.track_running_stats]
    if not layers or not images.dim() or len(images) < 2:
        raise ValueError(
            f"a batch normalisation and two pictures are needed; got {len(layers)} and {tuple(images.shape)}"
        )
    before = [layer.momentum for layer in layers]
    for layer in layers:
        layer.reset_running_stats()
        layer.momentum = None  # a plain mean over batches
    model.train()
    with torch.no_grad():
        for part in images.split(batch):
            if len(part) > 1:
                model(part)
    model.eval()
    for layer, momentum in zip(layers, before, strict=True):
        layer.momentum = momentum


def _check_pictures(images: Tensor, channels: int | None = None) -> None:
    if images.dim() != 4 or not images.is_floating_point() or channels not in (None, images.shape[1]):
        wanted = f"(N, {channels or 'C'}, H, W)"
        raise ValueError(f"images must be floating point, {wanted}; got {images.dtype} {tuple(images.shape)}")


def small_encoder(size: int = 64, widths: tuple[int, int, int] = (8, 16, 32)) -> nn.Sequential:
    """Pictures (N, 3, 32, 32) to representations (N, size): three times convolution, normalisation, ReLU and pooling.

    The representation has a fixed spread of 1 over a batch, so that nothing can be hidden by shrinking it.
    """
    layers: list[nn.Module] = []
    for inputs, outputs in zip((3, *widths), widths, strict=False):
        convolution = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)
        layers += [convolution, nn.BatchNorm2d(outputs), nn.ReLU(), nn.MaxPool2d(2)]
    flat = nn.Linear(widths[-1] * 16, size)
    return nn.Sequential(*layers, nn.Flatten(), flat, nn.BatchNorm1d(size, affine=False), nn.ReLU())
