"""The real vectors, where the folder of real data is there."""

import os

import pytest

from seeing.data import load_word_vectors


def load(vectors: str):
    folder = os.environ.get("SEEING_DATA")
    if not folder:
        pytest.skip("SEEING_DATA is not set: it names the folder of the real data")
    return load_word_vectors(folder, download=False, vectors=vectors)


@pytest.fixture(scope="session")
def word2vec():
    return load("word2vec")


@pytest.fixture(scope="session")
def occupations():
    return load("glove-occupations")
