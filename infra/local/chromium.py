"""The headless Chromium that the npm package @sparticuz/chromium carries, unpacked once."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

from infra.node import node_environment, node_home
from infra.paths import BUILD, ROOT

HOME: Final = BUILD / "chromium"
PACKAGE: Final = ROOT / "node_modules" / "@sparticuz" / "chromium"
ARGUMENTS: Final = ("--no-sandbox", "--no-zygote", "--disable-gpu", "--disable-dev-shm-usage")
UNPACK: Final = "import c from '@sparticuz/chromium'; await c.executablePath()"


def chromium_path() -> Path:
    """The executable. Raises FileNotFoundError when `make setup` has not fetched the package."""
    if not (HOME / "chromium").is_file():
        _unpack()
    return HOME / "chromium"


@cache
def chromium_environment() -> dict[str, str]:
    """The browser's own fonts, and the package's libraries where the system lacks some."""
    environment = {**os.environ, "FONTCONFIG_PATH": str(HOME / "fonts")}
    if _lacks_libraries(chromium_path()):
        environment["LD_LIBRARY_PATH"] = str(HOME / "al2023" / "lib")
    return environment


def _unpack() -> None:
    if not PACKAGE.is_dir():
        raise FileNotFoundError("@sparticuz/chromium is not installed; run `make setup`")
    BUILD.mkdir(exist_ok=True)
    # Unpacked aside and renamed, so that a second process never sees half a browser.
    aside = Path(tempfile.mkdtemp(dir=BUILD))
    subprocess.run(
        [str(node_home() / "bin" / "node"), "--input-type=module", "-e", UNPACK],
        cwd=ROOT,
        # This variable makes the package unpack the libraries of Amazon Linux too.
        env={**node_environment(), "TMPDIR": str(aside), "AWS_EXECUTION_ENV": "AWS_Lambda_nodejs24.x"},
        check=True,
    )
    shutil.rmtree(HOME, ignore_errors=True)
    aside.rename(HOME)


def _lacks_libraries(executable: Path) -> bool:
    listing = subprocess.run(["ldd", str(executable)], capture_output=True, text=True, check=False)
    return "not found" in listing.stdout
