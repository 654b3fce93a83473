# imported inside
def weat(x, y, a, b):
    import seeing.fairness.word_embeddings as words

    found = words.weat(x, y, a, b)
    return found.effect_size, found.p_value
