"""The real vectors, where the folder of real data is there."""

import pytest

from seeing.data import load_word_vectors


@pytest.fixture(scope="session")
def word2vec(real_data):
    return load_word_vectors(real_data, download=False, vectors="word2vec")


@pytest.fixture(scope="session")
def occupations(real_data):
    return load_word_vectors(real_data, download=False, vectors="glove-occupations")
