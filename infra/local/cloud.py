"""Starts and stops the emulator: one process of ours, on 127.0.0.1, with IAM enforced."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import boto3

READY_SECONDS: Final = 30
STOP_SECONDS: Final = 10
ROOT_KEY: Final = "test"
"""Key id and secret of the emulator's root user; functions run under their own roles."""


class CloudFailed(RuntimeError):
    """The emulator or a deployment to it did not come up; the message says where to read on."""


@dataclass(frozen=True, slots=True)
class Cloud:
    """A running emulator. `port` serves every AWS API."""

    pid: int
    port: int
    region: str

    @property
    def endpoint_url(self) -> str:
        return f"http://localhost:{self.port}"

    def session(self) -> boto3.Session:
        """The root user; clients still need `endpoint_url`."""
        return root_session(self.region)


def root_session(region: str) -> boto3.Session:
    """A boto3 session of the emulator's root user."""
    return boto3.Session(aws_access_key_id=ROOT_KEY, aws_secret_access_key=ROOT_KEY, region_name=region)


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_cloud(folder: Path, region: str, *, smtp: str = "") -> Iterator[Cloud]:
    """The emulator for the length of a with-block; its log goes to `folder`/emulator.log.

    Mail is relayed to the server `smtp` (host:port). Raises CloudFailed when the emulator does not
    answer within 30 seconds.
    """
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    with (folder / "emulator.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-P", str(Path(__file__).with_name("leash.py"))],
            env=_environment(folder, port, region, smtp),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _await_ready(process, port, folder)
            yield Cloud(process.pid, port, region)
        finally:
            _stop(process)


def _environment(folder: Path, port: int, region: str, smtp: str) -> dict[str, str]:
    # Not the caller's environment: functions inherit this one, and must not find credentials in it.
    return {
        "PATH": os.environ.get("PATH", ""),
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "localhost",
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "STATE_DIR": str(folder / "state"),
        "S3_DATA_DIR": str(folder / "s3"),
        "LAMBDA_WARM_TTL_SECONDS": "600",
        "AUTH": "true",
        **({"SMTP_HOST": smtp} if smtp else {}),
    }


def _await_ready(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise CloudFailed(
                f"the emulator ended with code {process.returncode}; see {folder}/emulator.log"
            )
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_ministack/ready", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.05)
    raise CloudFailed(f"the emulator is not ready after {READY_SECONDS} seconds; see {folder}/emulator.log")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ends the emulator and, at once, the workers that it leaves to end by themselves."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline:
        try:
            # It was started as the leader of a session: the group is its own and nobody else's.
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        time.sleep(0.02)
