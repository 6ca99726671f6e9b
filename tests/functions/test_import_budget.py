"""What a function loads before its first call: cold starts are paid by every case."""

from __future__ import annotations

import json
import subprocess
import sys

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


@pytest.mark.parametrize("function", FUNCTIONS)
def test_nothing_heavy_is_loaded_at_import(function: str) -> None:
    code = f"import json, sys; import functions.{function}.handler; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}/layers/core/python:{ROOT}", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert sorted(loaded & (HEAVY | NEVER) - NEEDED.get(function, set())) == []
