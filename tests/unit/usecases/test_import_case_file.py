"""A case file: every row becomes a case or a named problem, and a repeat changes nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from sovinto.domain.upload import Upload
from sovinto.errors import InvalidInput, NotFound
from sovinto.usecases.ask_upload import MAX_BYTES, ask_upload, put_upload
from sovinto.usecases.import_case_file import import_case_file

from tests.support.outside import MemoryFiles
from tests.support.world import CLIENT, World

HEAD = "reference;debtor_type;name;street;postal_code;city;email;phone;invoice_number;due_date;principal\n"


def row(reference: str, principal: str = "100,50", due: str = "1.11.2025", name: str = "Aino Oja") -> str:
    return (
        f"{reference};consumer;{name};Katu 1;00100;Helsinki;aino@oja.example;+358400000002;"
        f"L{reference};{due};{principal}\n"
    )


def put(world: World, text: str, name: str = "cases.csv") -> Upload:
    return put_upload(
        CLIENT.client_id,
        name,
        text.encode(),
        files=world.uploads,
        cases=world.cases,
        clock=world.clock,
        ids=world.ids,
    )


def read(world: World, upload: Upload) -> Upload:
    return import_case_file(
        upload.client_id,
        upload.upload_id,
        files=world.uploads,
        cases=world.cases,
        clients=world.clients,
        clock=world.clock,
        ids=world.ids,
        collectors=world.collectors,
    )


def report(world: World, upload: Upload) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(world.uploads.read(upload.report_key))
    return found


def references(world: World) -> set[str]:
    return {case.client_reference for case in world.cases.of_client(CLIENT.client_id)}


def test_good_rows_become_cases() -> None:
    world = World()
    done = read(world, put(world, HEAD + row("A1") + row("A2", "20,00")))
    assert (done.state, done.rows, done.accepted) == ("done", 2, 2)
    assert references(world) == {"A1", "A2"}
    assert [entry["case_id"] for entry in report(world, done)["report"]] != [None, None]


def test_a_bad_row_is_named_and_the_others_go_on() -> None:
    world = World()
    text = HEAD + row("A1") + row("A2", "0,00") + row("A3", due="1.1.2030") + row("A4", "abc")
    done = read(world, put(world, text))
    assert (done.accepted, done.refused) == (1, 3)
    assert references(world) == {"A1"}
    refused = [entry for entry in report(world, done)["report"] if entry["outcome"] == "refused"]
    assert all(
        problem["reason"] and problem["column"] for entry in refused for problem in entry["problems"]
    )


def test_what_of_the_file_was_not_read_is_told() -> None:
    world = World()
    text = HEAD.replace("\n", ";Colour\n", 1) + row("A1")
    done = read(world, put(world, text))
    assert done.accepted == 1
    assert report(world, done)["notes"] == ["The column 'Colour' was not read; it is not one we use."]


def test_a_debtor_the_country_has_no_rules_for_is_a_refused_row() -> None:
    world = World(client=replace(CLIENT, country="AT", language="en"))
    done = read(world, put(world, HEAD + row("A1") + row("A2").replace("consumer", "business")))
    assert (done.accepted, done.refused) == (1, 1)
    (problem,) = report(world, done)["report"][0]["problems"]
    assert (problem["column"], problem["value"]) == ("debtor_type", "consumer")
    assert problem["reason"].startswith("The debtor type must be business in AT")


def test_a_language_of_the_country_is_taken_though_letters_come_in_english() -> None:
    """AT: German is the language of a row that names none."""
    world = World(client=replace(CLIENT, country="AT", language="en"))
    read(world, put(world, HEAD + row("A1").replace("consumer", "business")))
    (case,) = world.cases.of_client(CLIENT.client_id)
    assert case.debtor.language == "de"


def test_a_row_twice_is_one_case() -> None:
    world = World()
    done = read(world, put(world, HEAD + row("A1") + row("A1")))
    assert (done.accepted, done.duplicates) == (1, 1)


def test_the_same_file_again_opens_nothing() -> None:
    world = World()
    text = HEAD + row("A1") + row("A2")
    read(world, put(world, text))
    again = read(world, put(world, text, "again.csv"))
    assert (again.accepted, again.duplicates, again.refused) == (0, 2, 0)
    assert len(references(world)) == 2
    assert all(entry["case_id"] for entry in report(world, again)["report"])


class Killed(BaseException):
    """What the end of a function's time looks like from inside."""


class DyingFiles(MemoryFiles):
    """The function is killed just before its report is written."""

    def write(self, key: str, data: bytes, content_type: str) -> None:
        if key.startswith("reports/"):
            raise Killed
        super().write(key, data, content_type)


def test_a_run_that_was_cut_short_is_taken_up_with_the_same_receipt() -> None:
    world = World(uploads=DyingFiles())
    upload = put(world, HEAD + row("A1") + row("A2"))
    with pytest.raises(Killed):
        read(world, upload)
    world.uploads = MemoryFiles(world.uploads.stored)
    done = read(world, upload)
    assert (done.accepted, done.duplicates) == (2, 0)
    assert len(references(world)) == 2
    again = read(world, put(world, HEAD + row("A1") + row("A2")))
    assert (again.accepted, again.duplicates) == (0, 2)


def test_a_reference_with_another_content_is_a_duplicate_not_a_change() -> None:
    world = World()
    read(world, put(world, HEAD + row("A1")))
    again = read(world, put(world, HEAD + row("A1", "999,00")))
    assert again.duplicates == 1
    (case,) = world.cases.of_client(CLIENT.client_id)
    assert case.principal.minor == 10_050


def test_the_queue_may_deliver_the_file_twice() -> None:
    world = World()
    upload = put(world, HEAD + row("A1"))
    assert read(world, upload) == read(world, upload)


@pytest.mark.parametrize("text", ["", "no;such;columns\n1;2;3\n", "\x00\x01\x02"])
def test_a_file_that_is_no_case_file_is_refused_whole(text: str) -> None:
    world = World()
    done = read(world, put(world, text or "\n"))
    assert done.state == "refused"
    assert done.reason
    assert references(world) == set()


def test_a_client_reads_its_own_uploads_only() -> None:
    world = World()
    upload = put(world, HEAD)
    with pytest.raises(NotFound):
        world.clients.upload(CLIENT.client_id, "upl_none")
    assert [item.upload_id for item in world.clients.uploads(CLIENT.client_id)] == [upload.upload_id]


@pytest.mark.parametrize(
    ("name", "size", "field"),
    [
        ("cases.exe", 1, "file_name"),
        ("cases", 1, "file_name"),
        ("x" * 200 + ".csv", 1, "file_name"),
        ("cases.csv", 0, "size"),
        ("cases.csv", MAX_BYTES + 1, "size"),
    ],
)
def test_what_may_be_uploaded(name: str, size: int, field: str) -> None:
    world = World()
    with pytest.raises(InvalidInput) as refusal:
        ask(world, name, size)
    assert refusal.value.field == field


def ask(world: World, name: str, size: int) -> str:
    link = ask_upload(
        CLIENT.client_id,
        name,
        size,
        files=world.uploads,
        cases=world.cases,
        clock=world.clock,
        ids=world.ids,
    )
    assert world.clients.upload(CLIENT.client_id, link.upload.upload_id) == link.upload
    return link.url


def test_the_link_names_no_file_of_the_client() -> None:
    url = ask(World(), "Velalliset Mäkelä.XLSX", 10)
    assert "inbox/cli_demo/upl_" in url
    assert "elalliset" not in url
