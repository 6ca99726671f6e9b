"""A case file from the upload bucket: every row becomes a case or a named problem, none is lost."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256

from sovinto.countries import load_calendar, load_pack
from sovinto.domain.assignment import Collector
from sovinto.domain.client import Client
from sovinto.domain.law.coverage import rates_known_from
from sovinto.domain.placement import Placement
from sovinto.domain.upload import RowProblem, RowReport, Upload
from sovinto.errors import DuplicateCase, FormatRefused, InvalidInput
from sovinto.formats.case_file import (
    AcceptedRow,
    CaseFile,
    DuplicateRow,
    RefusedRow,
    check_case_file,
    read_case_file,
)
from sovinto.ids import ClientId
from sovinto.ports import Cases, Change, Clients, Clock, Files, Ids
from sovinto.usecases.loads import Loads
from sovinto.usecases.place_case import Request, place_case


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every row is placed with."""

    client: Client
    cases: Cases
    clock: Clock
    ids: Ids
    collectors: Sequence[Collector]
    loads: Loads


def import_case_file(
    client_id: ClientId,
    upload_id: str,
    *,
    files: Files,
    cases: Cases,
    clients: Clients,
    clock: Clock,
    ids: Ids,
    collectors: Sequence[Collector],
) -> Upload:
    """Repeats change nothing: each row's request key derives from its content.

    A run that was cut short is taken up again, with the same receipt in the end. Raises NotFound.
    """
    upload = clients.upload(client_id, upload_id)
    if upload.state != "waiting":
        return upload
    client = clients.load(client_id)
    desk = _Desk(client, cases, clock, ids, collectors, Loads(cases))
    try:
        case_file = _read(upload, client, files, clock)
    except FormatRefused as refusal:
        refused = replace(upload, state="refused", reason=refusal.message)
        return _finish(refused, (), (), files, cases, clock)
    rows = _with_first_cases(tuple(_row(row, upload, desk) for row in case_file.rows))
    return _finish(replace(upload, state="done"), rows, case_file.problems, files, cases, clock)


def _read(upload: Upload, client: Client, files: Files, clock: Clock) -> CaseFile:
    """The file read and checked against the day and the country. Raises FormatRefused."""
    pack = load_pack(client.country)
    case_file = read_case_file(
        files.read(upload.file_key),
        file_name=upload.file_name,
        default_country=client.country,
        default_currency=client.currency,
        default_language=pack.languages[0],
    )
    return check_case_file(
        case_file,
        today=load_calendar(client.country).local_date(clock.now()),
        country=pack.country,
        currency=pack.currency,
        languages=pack.languages,
        debtor_types=pack.ladders,
        rates_from=rates_known_from(pack),
    )


def _row(
    row: AcceptedRow | RefusedRow | DuplicateRow,
    upload: Upload,
    desk: _Desk,
) -> RowReport:
    match row:
        case RefusedRow():
            problems = tuple(RowProblem(found.column, found.reason, found.value) for found in row.problems)
            return RowReport(row.row_number, "refused", row.client_reference or "", None, problems)
        case DuplicateRow():
            why = RowProblem("reference", f"the same as row {row.first_row_number}; one case is enough")
            return RowReport(row.row_number, "duplicate", row.client_reference, None, (why,))
        case AcceptedRow():
            return _place(row, upload, desk)


def _place(row: AcceptedRow, upload: Upload, desk: _Desk) -> RowReport:
    placement = row.placement
    reference = placement.client_reference
    try:
        receipt = place_case(
            placement,
            request_of(placement, upload.upload_id),
            client=desk.client,
            pack=load_pack(desk.client.country),
            calendar=load_calendar(desk.client.country),
            collectors=desk.collectors,
            cases=desk.cases,
            clock=desk.clock,
            ids=desk.ids,
            loads=desk.loads,
        )
    except DuplicateCase as clash:
        why = RowProblem("reference", clash.message)
        return RowReport(row.row_number, "duplicate", reference, None, (why,))
    except InvalidInput as refusal:
        why = RowProblem(refusal.field or "", refusal.message)
        return RowReport(row.row_number, "refused", reference, None, (why,))
    # The upload itself opened it, in a run that was cut short: for the client it is as new.
    if receipt.source == upload.upload_id:
        return RowReport(row.row_number, "accepted", reference, receipt.case_id)
    why = RowProblem("reference", "this very row was accepted before")
    return RowReport(row.row_number, "duplicate", reference, receipt.case_id, (why,))


def _with_first_cases(rows: tuple[RowReport, ...]) -> tuple[RowReport, ...]:
    """A repeat inside the file names the case of the row it repeats."""
    known = {row.client_reference: row.case_id for row in rows if row.case_id is not None}
    return tuple(replace(row, case_id=row.case_id or known.get(row.client_reference)) for row in rows)


def request_of(placement: Placement, upload_id: str) -> Request:
    """The same content is the same request, whichever file or row it comes in."""
    digest = sha256(repr(placement).encode()).hexdigest()
    return Request(f"row-{digest[:40]}", digest, source=upload_id)


def _finish(
    upload: Upload,
    rows: tuple[RowReport, ...],
    notes: tuple[str, ...],
    files: Files,
    cases: Cases,
    clock: Clock,
) -> Upload:
    """`notes` are about the file as a whole: what of it was not read."""
    counts = {kind: sum(r.outcome == kind for r in rows) for kind in ("accepted", "refused", "duplicate")}
    finished = replace(
        upload,
        finished_at=clock.now(),
        rows=len(rows),
        accepted=counts["accepted"],
        refused=counts["refused"],
        duplicates=counts["duplicate"],
        report_key=f"reports/{upload.client_id}/{upload.upload_id}.json",
    )
    files.write(finished.report_key, _report(finished, rows, notes), "application/json")
    cases.commit(Change(upload=finished))
    return finished


def _report(upload: Upload, rows: tuple[RowReport, ...], notes: tuple[str, ...]) -> bytes:
    report = {
        "upload_id": upload.upload_id,
        "file_name": upload.file_name,
        "state": upload.state,
        "reason": upload.reason,
        "rows": upload.rows,
        "accepted": upload.accepted,
        "refused": upload.refused,
        "duplicates": upload.duplicates,
        "notes": list(notes),
        "report": [
            {
                "row": row.row,
                "outcome": row.outcome,
                "reference": row.client_reference,
                "case_id": row.case_id,
                "problems": [asdict(found) for found in row.problems],
            }
            for row in rows
        ],
    }
    return json.dumps(report, ensure_ascii=False).encode()
