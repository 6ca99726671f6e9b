"""Reference pages that are made from the code, so that they cannot tell another story.

`python -m docs.generate` writes them all; `pages` gives them as text, and a test compares.
"""

from __future__ import annotations

from collections.abc import Mapping

from docs.generate import cli, cloud, countries, errors, events, openapi, settings, timeline


def pages() -> Mapping[str, str]:
    """Path below docs/reference, and the whole text of that file."""
    return {
        "cloud.md": cloud.page(),
        "errors.md": errors.page(),
        "settings.md": settings.page(),
        "timeline.md": timeline.page(),
        **countries.pages(),
        "cli.md": cli.page(),
        "openapi.json": openapi.document(),
        "events.md": events.page(),
        **events.schemas(),
    }
