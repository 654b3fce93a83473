"""Wrong answers that announce a result themselves, as a kernel would: no marks, and no mark that is no number."""

from tests.grading.hostile.case import cheating

# A kernel believes its own messages; this one writes them by hand, from inside the function under test.
FORGERY = """
def forge(text):
    kernel = get_ipython().kernel
    result = {"data": {"text/plain": text}, "metadata": {}, "execution_count": 1}
    kernel.session.send(kernel.iopub_socket, "execute_result", result, parent=kernel.get_parent())
"""


def forging(name: str, text: str):
    """A case whose functions announce a result that a test never gave."""
    answers = {
        "softmax": f"def softmax(x, dim=-1):\n    forge({text!r})\n    return x * 0",
        "attention": f"def attention(q, k, v):\n    forge({text!r})\n    return v * 0",
        "best": f"def best(scores):\n    forge({text!r})\n    return [9 for _ in scores]",
    }
    return cheating(name, FORGERY, **answers)


CASES = [
    forging("forged marks", "2.0"),
    forging("forged 99", "99"),
    forging("forged -99", "-99"),
    forging("forged nan", "nan"),
    forging("forged inf", "inf"),
    cheating("last number", "4.0", after="4.0", best="def best(scores):\n    return [9 for _ in scores]\n4.0"),
]
