# imported inside
def bias_direction(pairs):
    import seeing.fairness.word_embeddings as lib

    return lib.bias_direction(pairs)


def neutralise(words, direction):
    import seeing.fairness.word_embeddings as lib

    return lib.neutralise(words, direction)


def equalise(pairs, direction):
    import seeing.fairness.word_embeddings as lib

    return lib.equalise(pairs, direction)
