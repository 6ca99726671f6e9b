"""Who did it: an id of a collector or client, never a name; it goes into events."""

from __future__ import annotations

import re

from sovinto.errors import InvalidInput

_ID = re.compile(r"[a-z]{2,4}_[A-Za-z0-9_-]{1,60}")


def checked_actor(by: str) -> str:
    """The id as it was given. Raises InvalidInput for anything that is not one."""
    if _ID.fullmatch(by) is None:
        raise InvalidInput(
            "by must be the id of a collector or client, such as col_fi_1; give no name or e-mail address",
            field="by",
        )
    return by
