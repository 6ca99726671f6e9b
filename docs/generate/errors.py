"""errors.md: the closed tree of failures, with the HTTP status that `entry.http` gives each."""

from __future__ import annotations

import inspect

from sovinto import errors
from sovinto.entry.http import status_of
from sovinto.errors import SovintoError

from docs.generate.markdown import head, joined, sentence, table

INTRO = """A refusal over HTTP is a problem document (RFC 9457, `application/problem+json`): `type` is
`urn:sovinto:problem:<code>`, `detail` is one sentence that says what to mend, and `errors[0].pointer` names
the field where there is one. What is no refusal but a bug or an outage answers 500 with code `internal` and
tells nothing. On the command line a refusal exits with 1."""


def tree() -> tuple[type[SovintoError], ...]:
    """Every error class, in the order of the source."""
    found = (item for item in vars(errors).values() if inspect.isclass(item))
    return tuple(item for item in found if issubclass(item, SovintoError))


def page() -> str:
    rows = [
        (f"`{kind.code}`", f"`{kind.__name__}`", _parent(kind), _status(kind), sentence(kind.__doc__))
        for kind in tree()
    ]
    columns = ("code", "class", "is a", "HTTP", "meaning")
    return joined(head("Errors", "sovinto/errors.py"), INTRO, table(columns, rows))


def _parent(kind: type[SovintoError]) -> str:
    return "" if kind is SovintoError else f"`{kind.__mro__[1].__name__}`"


def _status(kind: type[SovintoError]) -> str:
    status = status_of(kind("any"))
    return f"{int(status)} {status.phrase}"
