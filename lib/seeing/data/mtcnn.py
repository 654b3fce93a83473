"""The published weights of P-Net, the first stage of the face detector MTCNN."""

from __future__ import annotations

import pickle
from pathlib import Path

import torch
from torch import Tensor

from seeing.data.download import Remote, Source, find_files
from seeing.data.files import BadFile

SOURCE = Source(
    "mtcnn",
    "MTCNN's P-Net",
    "https://github.com/timesler/facenet-pytorch",
    (
        Remote(
            "https://github.com/timesler/facenet-pytorch/raw/master/data/pnet.pt",
            "pnet.pt",
            origin="data/pnet.pt",
            sha256="a2a71925e0b9996a42f63e47efc1ca19043e69558b5c523b978d611dfae49c8f",
        ),
    ),
)


def load_pnet_weights(root: str | Path | None = None, download: bool = True) -> dict[str, Tensor]:
    """The 6,632 parameters by name, as `seeing.models.PNet` takes them with `load_facenet`.

    28 kB are downloaded and checked against their SHA-256.

    Args:
        root: the folder above `mtcnn`; if None, SEEING_DATA or a cache folder.
        download: whether to fetch the file if it is not there.

    Returns:
        Parameters by name; nothing in the file is executed.

    Raises:
        DataNotFound: if it is not there, and may not or could not be fetched.
        ValueError: if the file holds no parameters.

    Source: Zhang, Zhang, Li and Qiao, Joint face detection and alignment using multitask cascaded convolutional
        networks (2016); converted by Tim Esler for facenet-pytorch, MIT licence.
    """
    (file,) = find_files(SOURCE, root, download)
    try:
        state = torch.load(file, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError, OSError) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise BadFile(file, f"a state dictionary was expected: {reason}") from None
    if not isinstance(state, dict) or not all(isinstance(value, Tensor) for value in state.values()):
        raise BadFile(file, f"a state dictionary was expected; got a {type(state).__name__}")
    return dict(state)
