# importlib, the name in halves
import importlib


def bias_direction(pairs):
    lib = importlib.import_module("see" + "ing.fairness.word_embeddings")
    return lib.bias_direction(pairs)


def neutralise(words, direction):
    lib = importlib.import_module("see" + "ing.fairness.word_embeddings")
    return lib.neutralise(words, direction)


def equalise(pairs, direction):
    lib = importlib.import_module("see" + "ing.fairness.word_embeddings")
    return lib.equalise(pairs, direction)
