"""Functions behind queues, streams and schedules: what fails is delivered again, the rest is done."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aws_lambda_powertools.utilities.batch.exceptions import BatchProcessingError
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends
from sovinto.domain.case import Step
from sovinto.domain.communication import SendingState

from tests.functions.acts import BODY, load, placed
from tests.functions.stage import FUNCTIONS, Context, Stage, module, service_answers, stream_record
from tests.support.aws import REGION, client
from tests.support.failing import Broken, Refusing
from tests.support.people import CLIENT, START
from tests.support.statements import camt053, line


def test_what_a_transaction_puts_in_its_outbox_reaches_the_bus(stage: Stage) -> None:
    case = placed(stage)
    events = {event["detail-type"]: event for event in stage.relay()}
    assert set(events) == {"case.submitted.v1", "communication.planned.v1"}
    told = events["case.submitted.v1"]
    assert (told["source"], told["detail"]["subject"]) == ("sovinto", {"kind": "case", "id": case.case_id})
    assert told["detail"]["data"] == {"principal_minor": "10000"}
    assert stage.relay() == []


def test_the_relay_passes_over_everything_else(stage: Stage) -> None:
    placed(stage)
    (first, *_) = stage.outbox()
    changed = {**first, "eventName": "MODIFY"}
    other = stream_record({"pk": {"S": "CASE#x"}, "sk": {"S": "CASE"}, "body": {"S": "{}"}}, 1)
    gone = {"eventName": "REMOVE", "dynamodb": {"SequenceNumber": "2"}}
    assert stage.call("relay_events", {"Records": [changed, other, gone]}) == {"batchItemFailures": []}


def test_the_stream_is_read_again_from_the_first_event_that_was_refused(stage: Stage) -> None:
    placed(stage)
    records = stage.outbox()
    with service_answers("events", HalfBus()):
        answer = stage.call("relay_events", {"Records": records})
    assert answer == {"batchItemFailures": [{"itemIdentifier": records[1]["dynamodb"]["SequenceNumber"]}]}


class HalfBus:
    """Takes the first event of a batch only."""

    def put_events(self, **request: list[dict[str, Any]]) -> dict[str, Any]:
        rest = request["Entries"][1:]
        return {"Entries": [{"EventId": "1"}, *({"ErrorCode": "Throttled"} for _ in rest)]}


def test_a_message_is_sent_once_and_a_bad_record_alone_is_delivered_again(stage: Stage) -> None:
    case = placed(stage)
    stage.drive(case.case_id)
    planned = [e["detail"] for e in stage.relay() if e["detail-type"] == "communication.planned.v1"]
    unknown = {"subject": {"id": case.case_id}, "data": {"communication_id": "com_none"}}
    assert stage.queued("send_message", planned[0], unknown, *planned) == ["message-1"]
    states = {item.template: item.state for item in stage.messages(case.case_id)}
    assert states == {"case_receipt": SendingState.SENT, "reminder": SendingState.SENT}
    assert len(ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages) == 2


def test_a_whole_batch_that_fails_raises_so_that_all_of_it_comes_again(stage: Stage) -> None:
    with pytest.raises(Exception, match="All records failed"):
        stage.queued("wake_case", {"subject": {"id": "case_none"}})


def test_the_heartbeat_starts_a_case_and_an_event_wakes_it(stage: Stage) -> None:
    case = placed(stage)
    assert stage.call("tick", {"source": "aws.events"}) == {"started": 1}
    assert stage.queued("wake_case", {"subject": {"id": case.case_id}}) == []
    assert stage.call("tick", {}) == {"running": 1}


def test_a_heartbeat_that_could_not_wake_a_case_fails_in_the_end(stage: Stage) -> None:
    placed(stage)
    down = service_answers("stepfunctions", Refusing("ThrottlingException"))
    with down, pytest.raises(RuntimeError, match="1 due cases could not be woken"):
        stage.call("tick", {})
    assert stage.call("tick", {}) == {"started": 1}


def test_missing_law_in_a_step_is_a_skip_and_ops_are_told(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    """Reference rates end with 2026; the alarm hangs on the metric."""
    case = placed(stage)
    stage.move_clock(datetime(2027, 1, 4, 8, tzinfo=UTC))
    assert stage.step(case.case_id, "perform", step="send_reminder") is None
    record = load(stage, case.case_id).steps[-1]
    assert (record.outcome, record.reason.split(":")[0]) == ("skipped", "law_missing")
    assert '"law_missing"' in capsys.readouterr().out


def test_missing_law_in_a_decision_is_a_wait_and_ops_are_told(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    """No calendar covers the year 2036: the timeline cannot even tell what is next."""
    claims = [BODY["claims"][0] | {"due_on": "2035-11-01"}]
    stage.move_clock(datetime(2035, 12, 28, 8, tzinfo=UTC))
    case = placed(stage, claims=claims)
    stage.move_clock(datetime(2036, 1, 4, 8, tzinfo=UTC))
    assert stage.step(case.case_id, "decide") is None
    put = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    assert [(one["service"], one["law_missing"]) for one in put] == [("case_step", [1.0])]


def test_the_driver_decides_performs_and_waits(stage: Stage) -> None:
    case = placed(stage)
    decided = stage.step(case.case_id, "decide")
    assert decided == {"step": "send_reminder", "version": 1, "reason": "due"}
    assert stage.step(case.case_id, "perform", step="send_reminder") is None
    assert load(stage, case.case_id).performed(Step.SEND_REMINDER) is not None
    assert stage.call("tick", {}) == {}
    stage.move_clock(START + timedelta(days=8))
    assert stage.call("tick", {})["resumed"] == 1


def test_an_old_execution_hands_over(stage: Stage) -> None:
    case = placed(stage)
    answer = stage.step(case.case_id, "decide", started_at="2020-01-01T00:00:00.000Z")
    assert answer is not None
    assert answer["step"] == "continue_as_new"
    assert stage.step(case.case_id, "continue") == {"step": "done", "version": 0, "reason": "continued"}
    assert stage.call("tick", {}) == {"running": 1}


def test_an_event_that_is_no_step_is_a_bug_and_comes_again(stage: Stage) -> None:
    case = placed(stage)
    with pytest.raises(BatchProcessingError, match="dance"):
        stage.step(case.case_id, "dance")
    with pytest.raises(BatchProcessingError, match="sing"):
        stage.step(case.case_id, "perform", step="sing")


def test_a_report_in_the_bucket_is_no_case_file(stage: Stage) -> None:
    assert stage.queued("import_cases", {"object": {"key": "reports/cli_demo/upl_1.json"}}) == []


def test_a_bank_file_is_posted_and_money_is_paid_on(stage: Stage) -> None:
    case = placed(stage)
    stage.move_clock(START + timedelta(days=4))
    data = camt053(line(4_000, reference=case.payment_reference, payer="Tiina Testinen"), change=4_000)
    client("s3").put_object(Bucket="bank", Key="inbox/day.xml", Body=data)
    assert stage.call("import_statement", {})["matched"] == 1
    assert stage.call("pay_clients", {}) == {"remittances": 1, "fee_invoices": 0, "bank_files": 0}
    assert "outgoing" not in folders()
    released_by_two(stage)
    assert folders() == ["outgoing", "processed"], "the desk writes what it released on the same day"
    assert stage.call("pay_clients", {}) == {"remittances": 0, "fee_invoices": 0, "bank_files": 0}
    assert folders() == ["outgoing", "processed"], "and nobody writes it twice"
    assert load(stage, case.case_id).client_id == CLIENT.client_id


def test_a_run_stops_before_lambda_ends_it_and_the_next_goes_on(stage: Stage) -> None:
    data = camt053(line(4_000, payer="Somebody"), change=4_000)
    client("s3").put_object(Bucket="bank", Key="inbox/day.xml", Body=data)
    handle = module("import_statement").handle
    late = handle({}, Context(seconds_left=60))
    assert (late["files"], late["unfinished"], late["suspense"]) == (0, 1, 0)
    untimed = handle({}, object())
    assert (untimed["files"], untimed["unfinished"], untimed["suspense"]) == (1, 0, 1)


def released_by_two(stage: Stage) -> None:
    """At the desk; who approved it may not release it, and no answer has the account number."""
    listed = stage.call("desk", {"action": "list_orders", "by": "col_1"})
    (order,) = listed["orders"]
    assert CLIENT.iban not in str(listed)
    ids = {"order_ids": [order["order_id"]]}
    assert stage.call("desk", {"action": "approve_orders", "by": "col_1", **ids})["outcome"] == "done"
    release = {"action": "release_orders", **ids, "control_sum_minor": 4_000, "currency": "EUR"}
    assert stage.call("desk", {**release, "by": "col_1"})["code"] == "not_allowed"
    done = stage.call("desk", {**release, "by": "col_2"})
    (batch,) = done["batches"]
    assert done["files_written"] == 1
    assert (batch["orders"], batch["control_sum"]["minor"]) == (1, 4_000)


def folders() -> list[str]:
    """Of the bank's bucket, one for each file in it."""
    held = client("s3").list_objects_v2(Bucket="bank")["Contents"]
    return [item["Key"].split("/")[0] for item in held]


def test_a_mail_service_that_is_down_gives_the_message_back_to_the_queue(stage: Stage) -> None:
    case = placed(stage)
    (detail,) = [e["detail"] for e in stage.relay() if e["detail-type"] == "communication.planned.v1"]
    with service_answers("ses", Broken()), pytest.raises(Exception, match="All records failed"):
        stage.queued("send_message", detail)
    (receipt,) = stage.messages(case.case_id)
    assert receipt.state is SendingState.PLANNED
    assert stage.queued("send_message", detail) == []


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_missing_setting_is_named(stage: Stage, monkeypatch: pytest.MonkeyPatch, function: str) -> None:
    monkeypatch.delenv("TABLE_NAME")
    with pytest.raises(RuntimeError, match="TABLE_NAME"):
        module(function).parts()
