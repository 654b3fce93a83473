# the library's test under another name
from seeing.fairness.word_embeddings import weat as library_weat


def weat(x, y, a, b):
    found = library_weat(x, y, a, b, exact=True)
    return found.effect_size, found.p_value
