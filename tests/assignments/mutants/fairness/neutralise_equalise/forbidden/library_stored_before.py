# stored before the test begins
import functools
import seeing.fairness.word_embeddings as words_of_the_library

_steps = [
    functools.partial(getattr(words_of_the_library, name)) for name in ("bias_direction", "neutralise", "equalise")
]


def bias_direction(pairs):
    return _steps[0](pairs)


def neutralise(words, direction):
    return _steps[1](words, direction)


def equalise(pairs, direction):
    return _steps[2](pairs, direction)
