"""Runs the stock emulator and, on Linux, ends it when the process that started it is gone."""

from __future__ import annotations

import ctypes
import runpy
import signal
import sys
from typing import Final

SET_PARENT_DEATH_SIGNAL: Final = 1

if __name__ == "__main__":
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
    sys.argv = ["ministack"]
    runpy.run_module("ministack", run_name="__main__")
