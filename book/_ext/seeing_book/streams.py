"""One box for what a cell prints, however many messages it came in.

MyST-NB has an option for this, `nb_merge_streams`, but it writes the merged text into the executed notebook as well
and leaves the pieces there, so that re-running that notebook finds other outputs.
"""

from docutils import nodes
from sphinx.application import Sphinx


def merge_streams(app: Sphinx, doctree: nodes.document) -> None:
    """Join the boxes of neighbouring prints to the same stream, in place."""
    for box in list(doctree.findall(is_stream)):
        before = box.previous_sibling()
        if before is not None and is_stream(before) and before["classes"] == box["classes"]:
            text = before.astext() + box.astext()
            box.parent.remove(box)
            before.rawsource = text
            before[:] = [nodes.Text(text)]


def is_stream(node: nodes.Node) -> bool:
    """Whether a node is the box of something printed by a cell."""
    return isinstance(node, nodes.literal_block) and {"output", "stream"} <= set(node["classes"])
