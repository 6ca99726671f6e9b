"""Reference pages that are made from the code, so that they cannot tell another story.

`python -m docs.generate` writes them all; `pages` gives them as text, and a test compares.
"""

from __future__ import annotations

from collections.abc import Mapping

from docs.generate import cli, cloud, errors, events, openapi, policy, rules, settings


def pages() -> Mapping[str, str]:
    """Path below docs/reference, and the whole text of that file."""
    return {
        "cloud.md": cloud.page(),
        "errors.md": errors.page(),
        "settings.md": settings.page(),
        "rules-fi.md": rules.page("FI"),
        "policy-fi.md": policy.page("FI"),
        "cli.md": cli.page(),
        "openapi.json": openapi.document(),
        "events.md": events.page(),
        **events.schemas(),
    }
