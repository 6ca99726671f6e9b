"""The reference page says what the templates are made of."""

from __future__ import annotations

from infra.docs import PAGE, page


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(), "run `make docs`"
