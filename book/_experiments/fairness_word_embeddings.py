"""Record what the page on word embeddings shows: `python book/_experiments/fairness_word_embeddings.py`.

It takes ten seconds. The vectors are read through the loaders, which fetch 2 MB if they are not there, and 307 MB for
the analogies. Only numbers are recorded: scores of words, never a vector.
"""

from __future__ import annotations

import numpy as np
import torch

from seeing import recorded
from seeing.data import WordVectors, load_glove, load_word_vectors
from seeing.fairness import consistency
from seeing.fairness.word_embeddings import (
    analogy,
    bias_direction,
    direct_bias,
    explained_variance,
    hard_debias,
    known_sets,
    look_up,
    look_up_sets,
    weat,
    wefat,
)

TESTS = {
    "flowers, insects": (1.54, ("flowers", "insects", "pleasant_5", "unpleasant_5a")),
    "instruments, weapons": (1.63, ("instruments", "weapons", "pleasant_5", "unpleasant_5a")),
    "his and her first names": (1.89, ("male_names", "female_names", "career", "family")),
    "maths, arts": (0.97, ("math", "arts", "male_terms", "female_terms")),
    "science, arts": (1.24, ("science", "arts_2", "male_terms_2", "female_terms_2")),
}
PAIRS = [
    ("she", "he"),
    ("her", "his"),
    ("woman", "man"),
    ("daughter", "son"),
    ("girl", "boy"),
    ("female", "male"),
    ("sister", "brother"),
]
ANALOGIES = [  # a, b, c: a is to b as c is to the last word, says the lecture
    ("france", "paris", "england", "london"),
    ("man", "programmer", "woman", "homemaker"),
    ("man", "doctor", "woman", "nurse"),
    ("man", "surgeon", "woman", "nurse"),
]
COUNTRIES = ["england", "germany", "italy", "spain", "greece", "russia", "japan", "egypt", "canada"]
VOCABULARIES = (10_000, 20_000, 50_000)  # the most frequent words
SHUFFLES = 10_000
NEIGHBOURS = 5


def association_tests(vectors: WordVectors) -> list[dict]:
    """The five tests of WEAT whose words are there, all but "axe"."""
    records = []
    for name, (published, sets) in TESTS.items():
        words = [[w for w in vectors.sets[key] if w in vectors] for key in sets]
        found = weat(*[look_up(vectors, some) for some in words])
        count = len(words[0]) + len(words[1])
        records.append(
            {
                "test": name,
                "sets": sets,
                "words": count,
                "published": published,
                "effect": found.effect_size,
                "p": found.p_value,
                "partitions": found.partitions,
                "exact": found.exact,
            }
        )
    return records


def debiased(vectors: WordVectors) -> WordVectors:
    """Gender taken out of all words but those that have one by their meaning."""
    assert known_sets(vectors, PAIRS) == PAIRS
    specific = (*vectors.sets["attribute_1"], *vectors.sets["attribute_2"])
    direction = bias_direction(look_up_sets(vectors, PAIRS))
    return hard_debias(vectors, direction, equality_sets=PAIRS, specific=specific)


def leanings(vectors: WordVectors) -> list[float]:
    """WEFAT of the occupations: positive for a word nearer to the female terms."""
    sides = [look_up(vectors, vectors.sets[f"attribute_{side}"]) for side in (1, 2)]
    return wefat(look_up(vectors, vectors.sets["target"]), *sides).tolist()


def nearest_share(rows, side: np.ndarray) -> list[float]:
    """For each row, the share of its nearest rows that are of the first side."""
    cosines = (rows @ rows.T).numpy()
    np.fill_diagonal(cosines, -np.inf)
    return side[np.argsort(-cosines, axis=1, kind="stable")[:, :NEIGHBOURS]].mean(1).tolist()


def what_remains(before: WordVectors, after: WordVectors) -> dict:
    """Whether the neighbours of an occupation still tell on which side it was."""
    occupations = before.sets["target"]
    direction = bias_direction(look_up_sets(before, PAIRS))
    rows = look_up(after, occupations)
    lean = look_up(before, occupations) @ direction
    side = (lean > lean.median()).double().numpy()
    random = np.random.default_rng(0)
    chance = [consistency(rows, random.permutation(side), neighbours=NEIGHBOURS) for _ in range(SHUFFLES)]
    unit = look_up(hard_debias(before, direction, specific=before.words), occupations)  # length 1, nothing taken out
    found = consistency(rows, side, neighbours=NEIGHBOURS)
    return {
        "consistency_before": consistency(unit, side, neighbours=NEIGHBOURS),
        "consistency": found,
        "chance": np.quantile(chance, [0.025, 0.5, 0.975]).tolist(),
        "p": (1 + sum(value >= found for value in chance)) / (1 + SHUFFLES),
        "side": side.astype(int).tolist(),
        "neighbours": nearest_share(rows, side),
        "direct_bias": [direct_bias(look_up(vectors, occupations), direction) for vectors in (before, after)],
    }


def full_analogy(glove: WordVectors, a: str, b: str, c: str, expected: str) -> dict:
    """The three best answers with and without the inputs, and the place of an expected word among all."""
    answers = {str(exclude): analogy(glove, a, b, c, exclude_inputs=exclude, count=3) for exclude in (False, True)}
    places = [answer.word for answer in analogy(glove, a, b, c, exclude_inputs=False, count=len(glove))]
    return {
        "question": [a, b, c],
        "expected": expected,
        "answers": answers,
        "place": 1 + places.index(expected),
    }


def other_recipes(glove: WordVectors, a: str, b: str, c: str, expected: str) -> list[dict]:
    """The same question to another vocabulary, or with another measure of nearness; the inputs excluded."""
    recipes = []
    for most in VOCABULARIES:
        words = [word for word in glove.words[:most] if word not in (a, b, c)]
        found = analogy(glove, a, b, c, candidates=words, count=len(words))
        recipes.append((f"cosine, {most:,} words", [answer.word for answer in found]))
    target = glove[b] - glove[a] + glove[c]
    far = torch.linalg.vector_norm(glove.vectors - target, dim=1)
    by_length = [glove.words[place] for place in far.argsort(stable=True).tolist()]
    recipes.append((f"distance, {len(glove):,} words", [word for word in by_length if word not in (a, b, c)]))
    return [
        {
            "recipe": name,
            "first": words[0],
            "place": 1 + words.index(expected) if expected in words else None,
        }
        for name, words in recipes
    ]


def full_list(glove: WordVectors, occupations: list[str]) -> dict:
    """The lecture's analogies with 50,000 words as competitors."""
    unit = torch.nn.functional.normalize
    paris, france, london, england = unit(look_up(glove, ["paris", "france", "london", "england"]), dim=1)
    left, right = paris - france, london - england
    known = [word for word in occupations if word in glove]
    first = [analogy(glove, "man", word, "woman", exclude_inputs=False, count=1)[0].word for word in known]
    words = ["programmer", "homemaker", "educator", "doctor", "nurse"]
    cosines = unit(look_up(glove, words), dim=1) @ unit(look_up(glove, ["woman", "man"]), dim=1).T
    return {
        "words": len(glove),
        "analogies": [full_analogy(glove, *question) for question in ANALOGIES],
        "equation": {
            "cosine": float(torch.nn.functional.cosine_similarity(left, right, dim=0)),
            "left_over": float((left - right).norm() / left.norm()),
        },
        "capitals": {
            country: analogy(glove, "france", "paris", country, exclude_inputs=False, count=1)[0]
            for country in COUNTRIES
        },
        "recipes": other_recipes(glove, *ANALOGIES[1]),
        "occupations": {"asked": len(known), "itself": sum(map(str.__eq__, first, known))},
        "woman_man": {word: row.tolist() for word, row in zip(words, cosines, strict=True)},
    }


def main() -> None:
    """All of the page's numbers."""
    before = load_word_vectors(vectors="glove-occupations")
    after = debiased(before)
    record = {
        "command": "python book/_experiments/fairness_word_embeddings.py",
        "weat": association_tests(load_word_vectors()),
        "occupations": before.sets["target"],
        "percent_women": dict(before.percent_women),
        "before": leanings(before),
        "after": leanings(after),
        "explained": explained_variance(look_up_sets(before, PAIRS))[:7].tolist(),
        "remains": what_remains(before, after),
        "physician": {
            str(exclude): analogy(before, "man", "physician", "woman", exclude_inputs=exclude, count=3)
            for exclude in (False, True)
        },
        "full": full_list(load_glove(), before.sets["target"]),
    }
    recorded.write("word_embeddings", record, part="fairness")


if __name__ == "__main__":
    main()
