"""`python -m infra.local [country] [port]`: the local cloud until Ctrl-C."""

from __future__ import annotations

import signal
import sys
import threading
from subprocess import CalledProcessError
from types import FrameType

from infra.local.cloud import CloudFailed
from infra.local.stage import local_stage


def main(arguments: list[str]) -> int:
    country = arguments[0] if arguments else "fi"
    port = int(arguments[1]) if len(arguments) > 1 else 8080
    stop = threading.Event()

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, ask_to_stop)
    try:
        with local_stage(country, port=port) as running:
            print(f"Pages    {running.url}/")
            print(f"Outbox   {running.url}/outbox")
            print(f"AWS      {running.endpoint_url}  (region {running.region}, table {running.table_name})")
            print("Ctrl-C stops it; nothing is kept.", flush=True)
            stop.wait()
    except (CloudFailed, OSError, CalledProcessError) as error:
        print(f"The local cloud did not start: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
