"""The repository keeps its own habits."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest
from sovinto.entry.settings import ALL

from infra.parts.functions import SIZES
from infra.parts.grants import GRANTS
from infra.parts.http_api import ROUTES
from tests.docs.reading import PACKAGE, ROOT, imports, python_files, tracked, tree

SOURCES = python_files("layers", "functions", "infra")
LONGEST_FILE = 300
LONGEST_FUNCTION = 70
MEDIAN_FILE = 90
VAGUE = {"utils.py", "util.py", "helpers.py", "helper.py", "common.py", "misc.py"}
CLOCK_CALLS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}
READS_THE_CLOCK = {PACKAGE / "adapters" / "system.py"}
# Modelled and tested, and no use case asks yet; whoever asks takes it off this list.
NOT_ASKED = {
    PACKAGE / "domain" / f"{name}.py"
    for name in (
        "case_events", "case_states", "case_table", "debts/curve", "debts/ladder", "debts/pieces",
        "debts/rates", "debts/steps", "debts/table", "debts/walk", "law/contents",
    )
}  # fmt: skip
HANDLERS = sorted(ROOT.glob("functions/*/handler.py"))
# Written so that this file does not hold what it looks for.
MACHINE = re.compile(r"(?<![\w.])/(?:" + "|".join(("home", "root", "Users", "work")) + r")/\w")
HOSTS = re.compile(
    "|".join(("py" + r"pi\.org", "python" + r"hosted\.org", "registry" + r"\.npm")), re.IGNORECASE
)
LEFT_OPEN = re.compile(r"\b(?:" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")) + r")\b")
TEXT = {".py", ".md", ".toml", ".json", ".in", ".lock", ".typ", ".jinja", ".css", ".html", ".svg", ""}


def lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def names(paths: list[Path]) -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in paths]


def test_no_file_is_long_and_most_are_short() -> None:
    sizes = {path: lines(path) for path in SOURCES}
    assert names([path for path, size in sizes.items() if size > LONGEST_FILE]) == []
    assert median(size for size in sizes.values() if size) < MEDIAN_FILE


def test_no_function_is_long() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in SOURCES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert found == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert names([path for path in tracked() if path.name in VAGUE]) == []


def test_one_module_reads_the_wall_clock() -> None:
    inner = python_files("layers", "functions")
    reading = [
        path
        for path in inner
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func).removeprefix("datetime.") in CLOCK_CALLS
    ]
    assert set(reading) <= READS_THE_CLOCK


def test_every_function_has_settings_a_size_and_rights() -> None:
    folders = {path.parent.name for path in HANDLERS}
    assert folders == {settings.function for settings in ALL} == set(SIZES) == set(GRANTS)


def test_a_function_reads_its_own_settings() -> None:
    own = {settings.function: settings.__name__ for settings in ALL}
    for path in HANDLERS:
        used = {name.rsplit(".", 1)[1] for name in imports(path) if ".settings." in name}
        assert used == {own[path.parent.name]}, path


def test_every_module_is_reached_from_a_function_or_the_command_line() -> None:
    reached: set[Path] = set()
    waiting = [*HANDLERS, *python_files("layers/core/python/sovinto/cli"), *python_files("infra")]
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached.add(path)
            waiting += [to for name in imports(path) if (to := _module(name)) is not None]
    inner = [path for path in python_files("layers") if path.name not in ("__init__.py", "__main__.py")]
    assert {path for path in inner if path not in reached} == NOT_ASKED


def _module(name: str) -> Path | None:
    base = PACKAGE.parent.joinpath(*name.split("."))
    found = (base.with_suffix(".py"), base / "__init__.py")
    return next((path for path in found if path.is_file()), None)


def handled() -> Iterator[tuple[str, str, str]]:
    """(function, method, path) of every route that a handler answers, with its parameters as {}; by itself
    or by a module of routes that it adds."""
    for path in HANDLERS:
        added = [_module(name) for name in imports(path) if name.endswith("_routes")]
        for source in (path, *(found for found in added if found is not None)):
            for method, route in re.findall(
                r"@app\.(get|post|put|delete)\(\"([^\"]+)\"\)", source.read_text("utf-8")
            ):
                yield path.parent.name, method.upper(), re.sub(r"<\w+>", "{}", route)


def test_every_route_is_handled_and_every_handler_has_a_route() -> None:
    answers = set(handled())
    plain = {(r.function, r.method, re.sub(r"\{\w+\}", "{}", r.path)) for r in ROUTES if "+" not in r.path}
    wide = {(r.function, r.method, r.path.split("{")[0]) for r in ROUTES if "+" in r.path}
    assert plain - answers == set()
    rest = answers - plain
    matched = {
        (answer, route)
        for answer in rest
        for route in wide
        if answer[:2] == route[:2] and answer[2].startswith(route[2])
    }
    assert {answer for answer, _ in matched} == rest
    assert {route for _, route in matched} == wide


@pytest.mark.parametrize(
    ("what", "pattern"),
    [("a path of some machine", MACHINE), ("a host of packages", HOSTS), ("work left open", LEFT_OPEN)],
)
def test_no_file_holds(what: str, pattern: re.Pattern[str]) -> None:
    texts = [path for path in tracked() if path.suffix in TEXT]
    assert names([path for path in texts if pattern.search(path.read_text("utf-8"))]) == [], what


def test_locks_carry_hashes_and_no_address() -> None:
    for path in sorted(ROOT.glob("requirements/*.lock")):
        text = path.read_text("utf-8")
        assert "://" not in text, path
        pinned = re.findall(r"^[a-z0-9._-]+(?:\[[\w,-]+\])?==", text, re.MULTILINE | re.IGNORECASE)
        assert len(pinned) <= text.count("--hash=sha256:"), path
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [n for n, package in packages.items() if n and "integrity" not in package] == []


def test_ci_runs_what_a_developer_runs() -> None:
    commands = [
        line for line in (ROOT / ".ci" / "run").read_text("utf-8").splitlines() if not line.startswith("#")
    ]
    assert commands[-1] == "exec make test"
