"""Where things lie, relative to the repository; nothing here knows a machine."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
BUILD: Final = ROOT / "build"
FUNCTIONS: Final = ROOT / "functions"
LAYER_BUILD: Final = BUILD / "layers"
ASSEMBLY: Final = BUILD / "cdk.out"
LOCAL: Final = BUILD / "local"
