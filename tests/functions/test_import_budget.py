"""What a function loads before its first call: cold starts are paid by every case."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence

import pytest

from tests.functions.stage import FUNCTIONS, ROOT

# Clients of AWS are made on first use, typesetting and spreadsheets only where they are used.
HEAVY = {
    "boto3",
    "typst",
    "openpyxl",
    "jinja2",
    "lxml",
    "hypothesis",
    "moto",
    "aws_cdk",
    "stripe",
    "requests",
}
NEVER = {"unittest.mock", "aws_xray_sdk"}
# Functions whose whole work is XML.
NEEDED = {"import_statement": {"lxml"}, "pay_clients": {"lxml"}, "prove_books": {"lxml"}}


def _loaded(functions: Sequence[str]) -> set[str]:
    """What is loaded after these were imported, one after another, in a process of their own."""
    code = f"import json, sys, {', '.join(f'functions.{name}.handler' for name in functions)}"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; print(json.dumps(sorted(sys.modules)))"],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}/layers/core/python:{ROOT}", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("needed", sorted({frozenset(NEEDED.get(name, ())) for name in FUNCTIONS}, key=len))
def test_nothing_heavy_is_loaded_at_import(needed: frozenset[str]) -> None:
    """Those with one allowance share a process: what none of them loads, each of them does not load."""
    functions = [name for name in FUNCTIONS if NEEDED.get(name, set()) == needed]
    heavy = HEAVY | NEVER
    if _loaded(functions) & heavy - needed:
        alone = {name: sorted(_loaded([name]) & heavy - needed) for name in functions}
        raise AssertionError(
            f"loaded at import: { {name: found for name, found in alone.items() if found} }"
        )
