"""What to pick out of a record, said as paths: one pass over its elements finds all of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from lxml import etree

_NOTHING, _TEXT, _AMOUNT, _MANY = range(4)

# For each tag: the name to keep it under, what to keep of it, and the tags below it. Plain tuples, as
# this is read some thirty times for each entry of a bank file.
Steps = dict[str, tuple[str, int, "Steps"]]


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """Names and, for each, the paths of local names below a record where it may stand.

    `texts` and `amounts` (a text with its `Ccy`) keep the first in the order of the file, `many` all.
    Each shape is made once, and is its own key.
    """

    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    amounts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    many: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class Picked:
    """What a record says, by name, blanks collapsed; absent and blank texts are left out."""

    texts: dict[str, str] = field(default_factory=dict)
    amounts: dict[str, tuple[str, str]] = field(default_factory=dict)
    many: dict[str, list[str]] = field(default_factory=dict)


@cache
def steps(shape: Shape, namespace: str) -> Steps:
    """The tags to look for in that namespace."""
    top: Steps = {}
    for kind, wanted in ((_TEXT, shape.texts), (_AMOUNT, shape.amounts), (_MANY, shape.many)):
        for name, paths in wanted.items():
            for path in paths:
                _lay(top, [f"{{{namespace}}}{tag}" for tag in path.split("/")], name, kind)
    return top


def pick(element: etree._Element, wanted: Steps) -> Picked:
    """What the record holds. Elements of other namespaces are not looked at."""
    picked = Picked()
    _pick(element, wanted, picked)
    return picked


def tidy(text: str | None) -> str:
    """The text with blanks collapsed."""
    return " ".join(text.split()) if text else ""


def _lay(top: Steps, tags: list[str], name: str, kind: int) -> None:
    for tag in tags[:-1]:
        top = top.setdefault(tag, ("", _NOTHING, {}))[2]
    _, _, below = top.get(tags[-1], ("", _NOTHING, {}))
    top[tags[-1]] = (name, kind, below)


def _pick(element: etree._Element, wanted: Steps, picked: Picked) -> None:
    for child in element:
        step = wanted.get(child.tag)
        if step is None:
            continue
        name, kind, below = step
        if kind == _TEXT:
            text = child.text
            if text and name not in picked.texts and (text := " ".join(text.split())):
                picked.texts[name] = text
        elif kind:
            _keep(child, name, kind, picked)
        if below:
            _pick(child, below, picked)


def _keep(element: etree._Element, name: str, kind: int, picked: Picked) -> None:
    text = tidy(element.text)
    if kind == _AMOUNT:
        picked.amounts.setdefault(name, (text, element.get("Ccy", "")))
    elif text:
        picked.many.setdefault(name, []).append(text)
