"""The local cloud until Ctrl-C."""

from __future__ import annotations

import sys
from subprocess import CalledProcessError

from infra.local.cloud import CloudFailed
from infra.local.stage import local_stage
from infra.local.stopping import Stopped, stoppable, wait_for_stop


def run(country: str, port: int) -> int:
    """0 when it was stopped, 1 when it did not start."""
    try:
        with stoppable(), local_stage(country, port=port) as running:
            print(f"Pages    {running.url}/")
            print(f"Outbox   {running.url}/outbox")
            print(f"AWS      {running.endpoint_url}  (region {running.region}, table {running.table_name})")
            print("Ctrl-C stops it; nothing is kept.", flush=True)
            wait_for_stop()
    except Stopped:
        return 0
    except (CloudFailed, OSError, CalledProcessError) as error:
        print(f"The local cloud did not start: {error}", file=sys.stderr)
    return 1
