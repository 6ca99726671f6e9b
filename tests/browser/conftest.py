"""The browser tests' fixtures: one Chromium for all, the journeys' stage and clients."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from infra.local.chromium import ARGUMENTS, chromium_environment, chromium_path
from tests.support.browser_visit import PHONE, Visit, begin
from tests.support.journey_stage import bank, creditor, stage

__all__ = ["bank", "creditor", "stage"]

Open = Callable[..., Visit]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Headless, with no door to the outside: every page comes from the local stage."""
    environment: dict[str, str | float | bool] = dict(chromium_environment())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=list(ARGUMENTS), env=environment
        )
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Open]:
    """Opens visits and holds every one of them to what no page may have."""
    opened: list[Visit] = []

    def open_one(
        name: str, *, locale: str = "fi-FI", size: tuple[int, int] = PHONE, has_scripts: bool = False
    ) -> Visit:
        opened.append(begin(chromium, name, locale=locale, size=size, has_scripts=has_scripts))
        return opened[-1]

    yield open_one
    problems = [problem for one in opened for problem in one.problems]
    for one in opened:
        one.page.context.close()
    assert not problems, "\n".join(problems)
