"""The runbook has a section for every alarm and a row for every dead-letter queue of the template."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from infra.app import new_app, synthesise
from infra.layers import LayerFolders
from infra.paths import FUNCTIONS
from infra.settings import settings_for
from tests.docs.reading import code, page, rows

RUNBOOK = page("docs/runbook.md")
SETTINGS = settings_for("fi", "dev", {"gateway_url": "https://psp.example"})


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The synthesised service stack, with empty layers."""
    folders = []
    for name in ("core", "vendor", "typesetting"):
        folder = tmp_path_factory.mktemp(name)
        (folder / name).write_text(name, "utf-8")
        folders.append(folder)
    out: Path = tmp_path_factory.mktemp("assembly")
    app = new_app(str(out))
    synthesise(SETTINGS, LayerFolders(*folders), app=app, functions=FUNCTIONS, checks=False)
    text = (out / f"{SETTINGS.stack_name('service')}.template.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)["Resources"]
    return found


def names(service: dict[str, Any], kind: str, name: str) -> dict[str, str]:
    """Logical id to physical name, without the stage's prefix."""
    return {
        key: item["Properties"][name].removeprefix(f"{SETTINGS.prefix}-")
        for key, item in service.items()
        if item["Type"] == kind
    }


def test_every_alarm_has_its_section_with_a_first_action(service: dict[str, Any]) -> None:
    alarms = set(names(service, "AWS::CloudWatch::Alarm", "AlarmName").values())
    sections = dict(re.findall(r"^### (\S+)\n(.*?)(?=^##)", RUNBOOK, re.MULTILINE | re.DOTALL))
    assert set(sections) == alarms
    assert [name for name, text in sections.items() if "First:" not in text] == []


def test_every_dead_letter_queue_is_listed_with_who_fills_it(service: dict[str, Any]) -> None:
    queues = set(names(service, "AWS::SQS::Queue", "QueueName").values())
    dead = {name for name in queues if name.endswith("-dead") or name == "failed"}
    listed = rows(RUNBOOK, "## Dead-letter queues")
    assert {code(row[0]) for row in listed} == dead
    functions = {name for row in listed for name in re.findall(r"`(\w+)`", row[1])}
    assert functions <= {path.parent.name for path in FUNCTIONS.glob("*/handler.py")}
