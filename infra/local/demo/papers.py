"""Everything the run produced, beside the report: letters, statements and invoices, bank files."""

from __future__ import annotations

import shutil
from pathlib import Path

from infra.local.running import Running


def save_papers(running: Running, folder: Path) -> int:
    """Copies the documents and bank buckets below `folder`; returns the number of files."""
    count = 0
    for name, output in (("documents", "DocumentBucket"), ("bank", "BankBucket")):
        target = folder / name
        shutil.rmtree(target, ignore_errors=True)
        count += _copy(running, running.outputs[output], target)
    return count


def _copy(running: Running, bucket: str, target: Path) -> int:
    s3 = running.client("s3")
    count = 0
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for item in page.get("Contents", ()):
            path = target / item["Key"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(s3.get_object(Bucket=bucket, Key=item["Key"])["Body"].read())
            count += 1
    return count
