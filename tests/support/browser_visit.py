"""One person's visit in a real browser: every page is looked at in the same four ways."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from infra.paths import BUILD, ROOT

SCREENS = BUILD / "screens"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PHONE = (390, 844)
COMPUTER = (1280, 900)
# Style sheets are not fetched again by axe: the page's own policy forbids that, rightly.
RUN_AXE = "async () => (await axe.run(document, {preload: false})).violations"
WIDTHS = "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"


@dataclass(slots=True)
class Visit:
    """`page` is where the person is. `problems` collects what no page may have, with the page's name."""

    page: Page
    name: str
    has_scripts: bool
    problems: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def look(self, name: str) -> None:
        """Save a picture; note sideways scroll, violations of WCAG and of the page's own policy."""
        self.seen.append(name)
        SCREENS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENS / f"{self.name}-{len(self.seen):02d}-{name}.png", full_page=True)
        wide, visible = self.page.evaluate(WIDTHS)
        if wide > visible:
            self.problems.append(f"{name}: {wide} pixels wide on a screen of {visible}")
        if self.has_scripts:
            self.page.evaluate(_axe())
            self.problems += [f"{name}: {_worded(found)}" for found in self.page.evaluate(RUN_AXE)]

    def goto(self, url: str) -> int:
        """The status of the answer."""
        answer = self.page.goto(url)
        assert answer is not None
        return answer.status

    def submit(self, action: str, number: int = 0) -> None:
        """Press the button of the form whose address holds `action`."""
        with self.page.expect_navigation():
            self.page.locator(f'form[action*="{action}"] button[type=submit]').nth(number).click()

    def follow(self, number: int) -> None:
        """Take a link of the page's main part; -1 is the last one."""
        with self.page.expect_navigation():
            self.page.locator("main a").nth(number).click()

    def text(self) -> str:
        """What is written in the page's main part."""
        return self.page.locator("main").inner_text()

    def heard(self, kind: str, words: str) -> None:
        if kind == "pageerror" or re.search("Content.Security.Policy", words):
            self.problems.append(f"{self.page.url}: {words}")


def begin(browser: Browser, name: str, *, locale: str, size: tuple[int, int], has_scripts: bool) -> Visit:
    """A fresh context: no cookies, no history. Nothing outside this machine is reachable from it."""
    context = browser.new_context(
        locale=locale,
        viewport={"width": size[0], "height": size[1]},
        java_script_enabled=has_scripts,
        timezone_id="Europe/Helsinki",
    )
    context.set_default_timeout(15_000)
    visit = Visit(context.new_page(), name, has_scripts)
    visit.page.on("console", lambda message: visit.heard("console", message.text))
    visit.page.on("pageerror", lambda error: visit.heard("pageerror", str(error)))
    return visit


def _axe() -> str:
    # axe's source ends without a value that a page could hand over.
    return Path(AXE).read_text("utf-8") + "\n;null"


def _worded(violation: dict[str, Any]) -> str:
    targets = [" ".join(map(str, node["target"])) for node in violation["nodes"][:3]]
    return f"{violation['id']}: {violation['help']} ({'; '.join(targets)})"
