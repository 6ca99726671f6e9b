"""What the command line and the tests ask of the local cloud's functions."""

from __future__ import annotations

from infra.local.running import ONE_CALL
from infra.parts.functions import SIZES


def test_a_function_is_waited_for_as_long_as_it_may_run_and_asked_once() -> None:
    """On a busy machine the first tick of 182 cases took over a minute: asked again, it was refused."""
    assert ONE_CALL.read_timeout > max(size.timeout for size in SIZES.values())
    assert ONE_CALL.retries == {"total_max_attempts": 1}
