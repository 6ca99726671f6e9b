"""Typst: data in, PDF out. The data travels as JSON beside the template, never as markup."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from sovinto.rendering.templates import templates_root

Standards = list[Literal["a-2a", "ua-1"]]

# Control, direction-switching, private and lone surrogate characters: unprintable, or able to make a
# name read as something else.
_UNPRINTABLE = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})


def typeset(template: str, data: Mapping[str, object]) -> bytes:
    """Compile `templates/letters/<template>.typ` with `data` to a tagged PDF.

    Archivable (PDF/A-2a) and accessible (PDF/UA-1) as long as the fonts know every character; a name
    in a script they lack still gets its letter, tagged but without that promise. Only Typst's own
    fonts are used, so the result does not depend on the machine. Raises typst.TypstError when the
    template itself is broken.
    """
    # Here and not above: 40 MB of native code that only the printing functions may load.
    import typst

    folder = templates_root() / "letters"
    facts = json.dumps(_printable(data), ensure_ascii=False)
    try:
        return _compile(folder, template, facts, ["a-2a", "ua-1"])
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        return _compile(folder, template, facts, [])


def _compile(folder: Path, template: str, facts: str, standards: Standards) -> bytes:
    import typst

    document = typst.compile(
        str(folder / f"{template}.typ"),
        root=str(folder),
        ignore_system_fonts=True,
        sys_inputs={"data": facts},
        pdf_standards=[*standards],
    )
    if not isinstance(document, bytes):
        raise RuntimeError(f"Typst gave no single document for {template}")
    return document


def _printable(value: object) -> object:
    match value:
        case str():
            return "".join(char for char in value if char == "\n" or not _is_unprintable(char))
        case Mapping():
            return {name: _printable(item) for name, item in value.items()}
        case list() | tuple():
            return [_printable(item) for item in value]
        case _:
            return value


def _is_unprintable(character: str) -> bool:
    return unicodedata.category(character) in _UNPRINTABLE
