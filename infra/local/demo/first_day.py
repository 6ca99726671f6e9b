"""On which day a demo of somebody's own file begins: the earliest on which most of its rows are overdue."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from infra.paths import ROOT

STEP: Final = timedelta(days=28)


def first_day(cases: Path, begin: datetime, latest: datetime) -> datetime:
    """Asks the command line, four weeks at a time, from `begin` to `latest`."""
    days = [begin + number * STEP for number in range((latest - begin) // STEP + 1)]
    return max(days, key=lambda day: (_accepted(cases, day), -day.timestamp()))


def _accepted(cases: Path, day: datetime) -> int:
    """How many rows would become cases; 0 for a file that is refused as a whole."""
    command = [sys.executable, "-m", "sovinto.cli", "intake", str(cases.resolve()), "--json"]
    asked = subprocess.run(
        [*command, "--on", day.date().isoformat()], capture_output=True, check=False, cwd=ROOT
    )
    return int(json.loads(asked.stdout)["accepted"]) if asked.returncode == 0 else 0
