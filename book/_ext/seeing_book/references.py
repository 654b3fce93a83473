"""What stands for a reference where no link can: the text that the page shows, out of Sphinx's environment."""

import pybtex.plugin
from pybtex.database import Entry
from sphinx.environment import BuildEnvironment

from .short_names import linked_page, short_name


def author_year(entry: Entry) -> str:
    """A work as the text of a page names it: "Long et al., 2015"."""
    authors = entry.persons.get("author", [])
    names = [" ".join(author.prelast_names + author.last_names) for author in authors] or [entry.key]
    listed = " and ".join(names) if len(names) < 3 else f"{names[0]} et al."
    return f"{listed}, {entry.fields.get('year', 'no year')}"


def bibliography(env: BuildEnvironment, docname: str) -> str:
    """The works that a page lists, each after what the text calls it."""
    style = pybtex.plugin.find_plugin("pybtex.backends", "plaintext")()
    return "\n".join(
        f"- [{author_year(citation.entry)}] {citation.formatted_entry.text.render(style)}"
        for citation in env.get_domain("cite").citations
        if citation.bibliography_key.docname == docname
    )


def labelled(env: BuildEnvironment, label: str) -> str | None:
    """What a label stands at: "Fig. 2.1" where that is numbered, else its title; None for an unknown label."""
    standard = env.get_domain("std")
    if label in standard.labels:
        document, anchor, title = standard.labels[label]
    elif label in standard.anonlabels:
        document, anchor, title = *standard.anonlabels[label], None
    else:
        return None
    for kind, numbers in env.toc_fignumbers.get(document, {}).items():
        if anchor in numbers:
            number = ".".join(map(str, numbers[anchor]))
            return env.config.numfig_format.get(kind, kind + " %s") % number
    return title


def reference_text(env: BuildEnvironment, docname: str, role: str, target: str) -> str:
    """What page `docname` shows for a reference; the target itself where the book does not know it."""
    text = None
    if role == "bibliography":
        return bibliography(env, docname)
    if role == "cite":
        entries = {citation.key: citation.entry for citation in env.get_domain("cite").citations}
        text = author_year(entries[target]) if target in entries else None
    elif role == "doc":
        text = short_name(env, linked_page(docname, target))
    elif role == "eq":
        equation = env.get_domain("math").equations.get(target)
        text = f"({equation[1]})" if equation else None
    else:
        text = labelled(env, target.lower())
    return text or target
