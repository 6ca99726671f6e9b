"""The local cloud until Ctrl-C."""

from __future__ import annotations

import json
import sys
from subprocess import CalledProcessError

from infra.local.cloud import CloudFailed
from infra.local.running import Running
from infra.local.stage import local_stage
from infra.local.stopping import Stopped, stoppable, wait_for_stop


def run(country: str, port: int, *, as_json: bool = False) -> int:
    """0 when it was stopped, 1 when it did not start."""
    try:
        with stoppable(), local_stage(country, port=port) as running:
            print(_machine(running) if as_json else _words(running), flush=True)
            print("Ctrl-C stops it; nothing is kept.", file=sys.stderr)
            wait_for_stop()
    except Stopped:
        return 0
    except (CloudFailed, OSError, CalledProcessError) as error:
        print(f"The local cloud did not start: {error}", file=sys.stderr)
    return 1


def _words(running: Running) -> str:
    return "\n".join(
        (
            f"Pages    {running.url}/",
            f"Outbox   {running.url}/outbox",
            f"AWS      {running.endpoint_url}  (region {running.region}, table {running.table_name})",
        )
    )


def _machine(running: Running) -> str:
    """One line, so that who started it can read on as soon as it is up."""
    return json.dumps(
        {
            "url": running.url,
            "endpoint_url": running.endpoint_url,
            "region": running.region,
            "outputs": running.outputs,
        }
    )
