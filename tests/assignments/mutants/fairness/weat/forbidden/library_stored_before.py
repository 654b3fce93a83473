# stored before the test begins
import functools
import seeing.fairness.word_embeddings as words

_test = functools.partial(words.weat, exact=True)


def weat(x, y, a, b):
    found = _test(x, y, a, b)
    return found.effect_size, found.p_value
