# the library's module under another name
from seeing.fairness import word_embeddings as lib


def bias_direction(pairs):
    return lib.bias_direction(pairs)


def neutralise(words, direction):
    return lib.neutralise(words, direction)


def equalise(pairs, direction):
    return lib.equalise(pairs, direction)
