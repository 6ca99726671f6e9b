"""Entries per second of a long camt.053, in what memory, beside bare parsers and two libraries.

200,000 entries unless STATEMENT_ENTRIES says otherwise (the full measure is 1,000,000). Each reader runs
in a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
import sovinto

from tests.bench.camt_file import write_camt

ENTRIES = int(os.environ.get("STATEMENT_ENTRIES", "200000"))
FEW = min(100_000, ENTRIES // 2)
# The libraries hold the whole file in memory, so they are asked for less.
LIBRARY_ENTRIES = min(20_000, ENTRIES)

_MEASURE = """
import re, sys, time
path = sys.argv[1]
{prepare}
begun = time.perf_counter()
{work}
taken = time.perf_counter() - begun
# Not ru_maxrss, which begins with the peak of the process that started this one.
print(taken, re.search(r"VmHWM:\\s+([0-9]+)", open("/proc/self/status").read())[1])
"""
OURS = (
    "from sovinto.formats.statement import Problem, statement_parts",
    "for part in statement_parts(open(path, 'rb')):\n    assert not isinstance(part, Problem), part",
)
BARE = (
    "from lxml import etree",
    "for _, element in etree.iterparse(path):\n    element.clear()",
)
# Only the end of each entry is an event; nothing in it is looked at.
BARE_ENTRIES = (
    "from lxml import etree",
    "for _, element in etree.iterparse(path, tag='{{*}}Ntry'):\n    element.clear(keep_tail=True)\n"
    "    while element.getprevious() is not None:\n        del element.getparent()[0]",
)
PYISO20022 = (
    "from xsdata.formats.dataclass.parsers import XmlParser\n"
    "from pyiso20022.camt.camt_053_001_08 import Document",
    "XmlParser().parse(path, Document)",
)
MT940 = ("import mt940", "assert len(mt940.parse(path).transactions)")


def measured(reader: tuple[str, str], path: Path) -> tuple[float, float]:
    """Seconds and peak megabytes (Linux), the best of two runs."""
    code = _MEASURE.format(prepare=reader[0], work=reader[1].replace("{{", "{").replace("}}", "}"))
    command = [sys.executable, "-c", code, str(path)]
    here = {**os.environ, "PYTHONPATH": str(Path(sovinto.__file__).parents[1])}
    runs = []
    for _ in range(2):
        done = subprocess.run(command, env=here, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        seconds, kilobytes = done.stdout.split()
        runs.append((float(seconds), int(kilobytes) / 1024))
    return min(runs)


def told(name: str, entries: int, seconds: float, megabytes: float) -> float:
    print(f"{name:<34} {entries / seconds:>10,.0f} entries/s  {megabytes:>7,.0f} MB at {entries:,}")
    return entries / seconds


def test_a_long_camt(tmp_path: Path) -> None:
    long, short = tmp_path / "long.xml", tmp_path / "short.xml"
    write_camt(long, ENTRIES)
    write_camt(short, FEW)

    print(f"\ncamt.053 of {ENTRIES:,} entries, {long.stat().st_size / 1024**2:,.0f} MB")
    told("sovinto", FEW, *measured(OURS, short))
    ours = told("sovinto", ENTRIES, *measured(OURS, long))
    bare = told("bare iterparse, every element", ENTRIES, *measured(BARE, long))
    floor = told("bare iterparse, entries only", ENTRIES, *measured(BARE_ENTRIES, long))
    print(f"ratio to the bare parser {ours / bare:.2f} (target 0.33), entries only {ours / floor:.2f}")


def test_beside_pyiso20022(tmp_path: Path) -> None:
    needs("pyiso20022")
    # What it is made with; it does not say that it needs it.
    needs("xsdata")
    path = tmp_path / "some.xml"
    write_camt(path, LIBRARY_ENTRIES)

    print()
    ours = told("sovinto", LIBRARY_ENTRIES, *measured(OURS, path))
    theirs = told("pyiso20022", LIBRARY_ENTRIES, *measured(PYISO20022, path))
    print(f"sovinto to pyiso20022 {ours / theirs:.1f}")


def test_mt940_beside_the_library(tmp_path: Path) -> None:
    needs("mt-940")
    path = tmp_path / "some.sta"
    write_mt940(path, LIBRARY_ENTRIES)

    print()
    ours = told("sovinto, MT940", LIBRARY_ENTRIES, *measured(OURS, path))
    theirs = told("mt-940", LIBRARY_ENTRIES, *measured(MT940, path))
    print(f"sovinto to mt-940 {ours / theirs:.1f}")


def needs(package: str) -> None:
    try:
        print(f"\n{package} {version(package)}")
    except PackageNotFoundError:
        pytest.skip(f"{package} is not installed; it is a package for development only")


def write_mt940(path: Path, entries: int) -> None:
    """One statement of equal credits, so that its balances are right."""
    with path.open("w", encoding="ascii") as out:
        out.write(":20:STARTUMS\n:25:FI7944052020036082\n:28C:1/1\n:60F:C260202EUR100,00\n")
        for number in range(entries):
            out.write(
                f":61:2602020202C10,00NTRFNONREF//B{number}\n:86:166?00CREDIT?20REF {number}9?32PAYER\n"
            )
        out.write(f":62F:C260202EUR{100 + 10 * entries},00\n-\n")
