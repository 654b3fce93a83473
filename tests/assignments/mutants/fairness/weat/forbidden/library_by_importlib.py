# importlib, the name in halves
def weat(x, y, a, b):
    from importlib import import_module

    found = import_module("see" + "ing.fairness.word_embeddings").weat(x, y, a, b)
    return found.effect_size, found.p_value
