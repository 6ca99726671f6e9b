"""For every test: UTC, no network, dummy credentials, bounded Hypothesis."""

from __future__ import annotations

import os
import time

import pytest
from hypothesis import HealthCheck, settings
from pytest_socket import disable_socket

from tests.support.power import POWER

pytest_plugins = ["tests.support.local_cloud"]

LOCAL = ["127.0.0.1", "localhost"]
_DUMMY = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-north-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "POWERTOOLS_METRICS_NAMESPACE": "Sovinto",
}

settings.register_profile("check", derandomize=True, max_examples=12, deadline=None, database=None)
settings.register_profile("full", derandomize=True, max_examples=50, deadline=None, database=None)
settings.register_profile(
    "deep", max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(POWER)


def pytest_configure(config: pytest.Config) -> None:
    """Set before any test module is imported: handlers make their loggers and clients at import."""
    os.environ["TZ"] = "UTC"
    time.tzset()
    for name, value in _DUMMY.items():
        os.environ.setdefault(name, value)
    os.environ.pop("AWS_PROFILE", None)


def pytest_sessionstart() -> None:
    assert time.tzname[0] == "UTC", "the tests read dates and logs as UTC"


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """No test opens a socket unless it is marked; the local cloud lives on this machine only."""
    if item.get_closest_marker("journey") or item.get_closest_marker("browser"):
        item.add_marker(pytest.mark.allow_hosts(LOCAL))
    is_allowed = any(item.get_closest_marker(name) for name in ("allow_hosts", "enable_socket"))
    if not is_allowed:
        disable_socket()
