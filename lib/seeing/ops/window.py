"""The arithmetic of a sliding window: how many places it fits, and how far its stamps reach.

Source: Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016), sections 2 and 4.
"""

from __future__ import annotations

from collections.abc import Sequence

IntOrPair = int | Sequence[int]


def pair(value: IntOrPair, name: str, least: int) -> tuple[int, int]:
    """The (vertical, horizontal) form of an argument that torch takes as one int or as two.

    Args:
        value: an int, meant for both directions, or a sequence of one or two ints.
        name: what to call it in the error.
        least: the smallest value allowed.

    Raises:
        ValueError: if it is not one or two ints, or one is under `least`.
    """
    both = (value,) if isinstance(value, int) else tuple(value)
    if len(both) == 1:
        both *= 2
    if len(both) != 2 or not all(isinstance(v, int) and v >= least for v in both):
        raise ValueError(f"{name} must be an int or two ints, each at least {least}; got {value!r}")
    return both


def conv_output_size(size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """The number of places where a window fits along one axis: floor((n + 2p - d(k-1) - 1) / s) + 1.

    Args:
        size: length n of the input in pixels, at least 0.
        kernel: taps k of the window, at least 1.
        stride: step s between two places, at least 1.
        padding: pixels p added at each end, at least 0.
        dilation: distance d between two taps, at least 1.

    Raises:
        ValueError: if the window does not fit even once.

    Example:
        >>> conv_output_size(7, kernel=3, stride=2)  # windows start at 0, 2 and 4
        3
    """
    reach = dilation * (kernel - 1) + 1
    if size + 2 * padding < reach:
        raise ValueError(
            f"a window that reaches {reach} pixels (kernel {kernel}, dilation {dilation}) does not fit "
            f"into {size} pixels with padding {padding}"
        )
    return (size + 2 * padding - reach) // stride + 1


def conv_transpose_output_size(
    size: int, kernel: int, stride: int = 1, padding: int = 0, output_padding: int = 0, dilation: int = 1
) -> int:
    """The length that `size` stamps cover along one axis: (n - 1)s - 2p + d(k-1) + 1 + output_padding.

    With the same k, s, p and d it undoes `conv_output_size` up to what the floor there threw away: up to
    s - 1 pixels, which `output_padding` names.

    Args:
        size: number n of stamps, at least 1.
        kernel: taps k of the stamp, at least 1.
        stride: step s between two stamps, at least 1.
        padding: pixels p cut off at each end, at least 0.
        output_padding: pixels added at the far end, at least 0.
        dilation: distance d between two taps, at least 1.

    Raises:
        ValueError: if the padding cuts everything off.

    Example:
        >>> conv_transpose_output_size(3, kernel=3, stride=2)  # three stamps, two pixels apart
        7
    """
    length = (size - 1) * stride - 2 * padding + dilation * (kernel - 1) + 1 + output_padding
    if length < 1:
        raise ValueError(
            f"padding {padding} cuts off all that {size} stamps of kernel {kernel} at stride {stride} cover: "
            f"the output would be {length} pixels long"
        )
    return length
