"""The agency's desk: every action, who may ask, and how it says no."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sovinto.adapters.dynamo.cases import TableCases
from sovinto.domain.agreement import Approval, ApprovalKind
from sovinto.domain.case import Case
from sovinto.domain.debtor import Liability
from sovinto.ids import CaseId
from sovinto.ports import Change

from tests.functions.acts import BODY, load, placed
from tests.functions.stage import Stage, module
from tests.support.aws import TABLE, client
from tests.support.people import CLIENT, START

BY = "col_1"
_LIVED: list[tuple[CaseId, int, list[Any]]] = []


def ask(stage: Stage, action: str, **given: Any) -> Any:
    return stage.call("desk", {"action": action, "by": BY, **given})


def done(stage: Stage, action: str, **given: Any) -> Any:
    answer = ask(stage, action, **given)
    assert answer["outcome"] == "done", answer
    return answer


def refusal(stage: Stage, action: str, **given: Any) -> str:
    answer = ask(stage, action, **given)
    assert answer["outcome"] == "refused", answer
    assert "\n" not in answer["message"]
    return f"{answer['code']} {answer['field']}: {answer['message']}"


def called(stage: Stage) -> Case:
    """A case with an open call task; lived once, and then the rows of that life are put back."""
    if _LIVED:
        case_id, days, rows = _LIVED[0]
        for row in rows:
            client("dynamodb").put_item(TableName=TABLE, Item=row)
        stage.move_clock(START + timedelta(days=days))
        return load(stage, case_id)
    case, days = _live_until_called(stage)
    _LIVED.append((case.case_id, days, client("dynamodb").scan(TableName=TABLE)["Items"]))
    return case


def _live_until_called(stage: Stage) -> tuple[Case, int]:
    case = placed(stage)
    for days in range(60):
        stage.move_clock(START + timedelta(days=days))
        stage.drive(case.case_id)
        if done(stage, "show_case", case_id=case.case_id)["case"]["open_calls"]:
            return load(stage, case.case_id), days
    raise AssertionError("nobody is to be called")


def test_a_call_is_listed_with_hours_and_script_and_recorded_once(stage: Stage) -> None:
    case = called(stage)
    (call,) = done(stage, "list_calls")["calls"]
    assert (call["case_id"], call["debtor"], call["language"]) == (case.case_id, "Tiina Testinen", "en")
    assert call["phone"] == "+358400000001"
    assert call["hours"], "the hours of the coming week"
    assert call["script"]["owed_principal"] == "100.00 EUR"
    promise_on = (START + timedelta(days=40)).date().isoformat()
    asked = {"case_id": case.case_id, "communication_id": call["communication_id"]}
    case_now = done(stage, "record_call", **asked, outcome="promise_to_pay", promise_on=promise_on)["case"]
    assert case_now["promise"] == {"by_on": promise_on}
    assert [record["by"] for record in case_now["calls"]] == [BY]
    assert done(stage, "list_calls")["calls"] == []
    assert refusal(stage, "record_call", **asked, outcome="reached").startswith("rule_refused outcome:")


def test_only_calls_that_may_be_made_are_listed(stage: Stage) -> None:
    case = called(stage)
    owner = case.owner
    assert owner is not None
    assert len(done(stage, "list_calls", collector_id=owner.collector_id)["calls"]) == 1
    assert done(stage, "list_calls", collector_id="col_other")["calls"] == []
    hold = done(stage, "place_hold", case_id=case.case_id, reason="illness")["hold"]
    assert done(stage, "list_calls")["calls"] == []
    done(stage, "release_hold", case_id=case.case_id, hold_id=hold["hold_id"])
    assert len(done(stage, "list_calls")["calls"]) == 1
    done(stage, "stop_case", case_id=case.case_id, closure="debtor_died")
    assert done(stage, "list_calls")["calls"] == []
    assert done(stage, "show_case", case_id=case.case_id)["case"]["open_calls"] == []


def test_a_number_that_leads_elsewhere_is_not_called_again(stage: Stage) -> None:
    one, two = called(stage), placed(stage, client_reference="TWO")
    stage.drive(two.case_id)
    (call, *_) = [c for c in done(stage, "list_calls")["calls"] if c["case_id"] == one.case_id]
    asked = {"case_id": one.case_id, "communication_id": call["communication_id"]}
    case = done(stage, "record_call", **asked, outcome="wrong_number")["case"]
    assert case["state"] == "open"
    assert case["calls"][0]["outcome"] == "wrong_number"
    assert one.case_id not in {c["case_id"] for c in done(stage, "list_calls")["calls"]}


def test_the_client_sees_that_a_case_is_held_and_the_agency_why(stage: Stage) -> None:
    case = placed(stage)
    hold = done(stage, "place_hold", case_id=case.case_id, reason="debt_advice", until="2026-02-01")["hold"]
    assert (hold["reason"], hold["last_on"], hold["placed_by"]) == ("debt_advice", "2026-02-01", BY)
    assert done(stage, "show_case", case_id=case.case_id)["case"]["state"] == "held"


def test_a_stop_closes_and_a_second_one_is_refused(stage: Stage) -> None:
    case = placed(stage)
    stopped = done(stage, "stop_case", case_id=case.case_id, closure="insolvent")["case"]
    assert (stopped["state"], stopped["closure"]["reason"]) == ("insolvent", "insolvent")
    assert refusal(stage, "stop_case", case_id=case.case_id, closure="insolvent").startswith("rule_refused")
    assert "closure must be one of" in refusal(stage, "stop_case", case_id=case.case_id, closure="paid")


def test_refusals_are_counted(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    assert "desk_refused" not in capsys.readouterr().out
    refusal(stage, "show_case", case_id="case_none")
    assert '"desk_refused":[1.0]' in capsys.readouterr().out.replace(" ", "")


def asked_about(stage: Stage, case: Case, kind: ApprovalKind) -> None:
    question = Approval("apr_1", kind, "publication", START, date(2026, 2, 1))
    newer = replace(case, approvals=(question,), version=case.version + 1)
    TableCases(stage.table).commit(Change(case=newer))


def test_a_publication_is_answered_here_and_no_question_to_the_client(stage: Stage) -> None:
    case = placed(stage)
    asked_about(stage, case, ApprovalKind.PUBLICATION)
    answer = {"case_id": case.case_id, "approval_id": "apr_1", "outcome": "decline"}
    told = done(stage, "answer_approval", **answer)["case"]
    assert [item["outcome"] for item in told["approvals"]] == ["declined"]
    assert "counts once" in refusal(stage, "answer_approval", **answer)
    other = placed(stage, client_reference="TWO")
    asked_about(stage, other, ApprovalKind.TRATTA)
    assert refusal(stage, "answer_approval", **answer | {"case_id": other.case_id}).startswith("not_found")


def test_figures_plans_and_parties(stage: Stage) -> None:
    joint = BODY["debtor"] | {"name": "Otto Oja", "email": "otto@oja.example", "liability": "joint"}
    case = placed(stage, co_debtors=[joint])
    given = {"as_of": "2025-12-31", "source": "register", "employees": 0, "has_default_entry": True}
    told = done(stage, "record_financials", case_id=case.case_id, **given)["case"]
    assert told["financials"]["employees"] == 0
    plan = done(stage, "propose_plan", case_id=case.case_id, instalments=2, first_on="2026-01-15")
    assert [item["number"] for item in plan["plan"]["instalments"]] == [1, 2]
    (party,) = case.co_debtors
    assert party.liability is Liability.JOINT
    told = done(stage, "release_party", case_id=case.case_id, party_id=party.party_id)["case"]
    assert told["co_debtors"][0]["is_released"] is True
    assert told["plan"]["status"] == "active"


def test_better_details_are_stored_and_never_told(stage: Stage) -> None:
    case = placed(stage)
    home = {"street": "Uusikatu 2 B", "postal_code": "33100", "city": "Tampere", "country": "FI"}
    new = {"address": home, "email": "uusi@b.example"}
    told = done(stage, "update_contacts", case_id=case.case_id, **new)["case"]
    assert "Uusikatu" not in json.dumps(told) and "uusi@b" not in json.dumps(told)
    debtor = load(stage, case.case_id).debtor
    assert debtor.address is not None and debtor.address.street == "Uusikatu 2 B"
    assert debtor.email == "uusi@b.example"
    asked = {"case_id": case.case_id}
    assert refusal(stage, "update_contacts", **asked).startswith("invalid_input")
    assert refusal(stage, "update_contacts", **asked, phone="123").startswith("invalid_input phone:")
    assert "address/" in refusal(stage, "update_contacts", **asked, address=home | {"city": ""})


def test_terms_outside_the_limits_become_a_question(stage: Stage) -> None:
    case = placed(stage)
    answer = done(stage, "propose_plan", case_id=case.case_id, instalments=40, first_on="2026-01-15")
    assert (answer["approval"]["kind"], answer["approval"]["outcome"]) == ("plan", None)


@pytest.mark.parametrize(
    ("event", "field", "said"),
    [
        ({"action": "delete_case"}, "action", "action must be one of answer_approval, import_financials"),
        ([], "action", "action must be one of"),
        ({"action": ["show_case"]}, "action", "action must be one of"),
        ({"action": "show_case", "by": BY}, "case_id", "case_id is missing; add it"),
        ({"action": "show_case", "by": BY, "case_id": "a b"}, "case_id", "case_id: "),
        ({"action": "list_calls", "by": BY, "all": True}, "all", "all is not a field here; leave it out"),
        ({"action": "list_calls", "by": "Tiina"}, "by", "by must be the id of a collector"),
        ({"action": "list_calls", "by": CLIENT.client_id}, "by", "by must be the id of a collector"),
        (
            {"action": "propose_plan", "by": BY, "case_id": "c", "instalments": "2", "first_on": "x"},
            "instalments",
            "instalments: ",
        ),
        ({"action": "place_hold", "by": BY, "case_id": "c", "reason": "mood"}, "reason", "reason: "),
    ],
)
def test_what_is_wrong_is_one_sentence(stage: Stage, event: object, field: str, said: str) -> None:
    answer = stage.call("desk", event)  # type: ignore[arg-type]
    assert (answer["outcome"], answer["field"]) == ("refused", field)
    assert answer["message"].startswith(said)
    assert "\n" not in answer["message"]


def test_size_is_limited_and_absent_is_not_found(stage: Stage) -> None:
    call = {"case_id": "case_none", "communication_id": "com_none", "outcome": "reached"}
    assert "text: " in refusal(stage, "record_call", **call, text="a" * 2001)
    assert "at most 16000 bytes" in refusal(stage, "record_call", **call, text="a" * 20_000)
    assert refusal(stage, "record_call", **call).startswith("not_found")
    assert refusal(stage, "show_case", case_id="case_none").startswith("not_found")


def test_answers_are_json_and_logs_hold_ids_only(
    stage: Stage, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import io

    said = io.StringIO()
    for handler in module("desk").logger.handlers:
        monkeypatch.setattr(handler, "stream", said)
    case = called(stage)
    (call,) = done(stage, "list_calls")["calls"]
    asked = {"case_id": case.case_id, "communication_id": call["communication_id"]}
    words = {"dispute_kind": "not_mine", "text": "kanarie says no"}
    answer = done(stage, "record_call", **asked, outcome="dispute", **words)
    refusal(stage, "show_case", case_id="kanarie2", kanarie3="x")
    assert json.loads(json.dumps(answer))["case"]["state"] == "disputed"
    text = said.getvalue() + capsys.readouterr().out
    assert case.case_id in text
    assert "request-1" in text, "CloudTrail knows the caller by it"
    for sign in ("kanarie says", "kanarie3", "Tiina", "+358400000001"):
        assert sign not in text


def test_a_collector_with_a_conflict_acts_in_no_such_case(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = called(stage)
    staff = json.loads(module("desk").parts()[0].collectors)
    monkeypatch.setenv(
        "COLLECTORS", json.dumps([{**each, "conflicts": [case.client_id]} for each in staff])
    )
    module("desk").parts.cache_clear()
    told = refusal(stage, "place_hold", case_id=case.case_id, reason="illness")
    assert told.startswith("not_allowed by: by must be a collector without a conflict")
    assert load(stage, case.case_id).holds == ()
    assert done(stage, "list_calls")["calls"] == []


def staff_with(stage: Stage, monkeypatch: pytest.MonkeyPatch, **changes: object) -> None:
    """The stage's collectors, each with these changes."""
    staff = json.loads(module("desk").parts()[0].collectors)
    monkeypatch.setenv("COLLECTORS", json.dumps([{**each, **changes} for each in staff]))
    module("desk").parts.cache_clear()


def test_only_a_named_approver_answers_for_a_publication(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = placed(stage)
    asked_about(stage, case, ApprovalKind.PUBLICATION)
    staff_with(stage, monkeypatch, may_publish=False)
    told = refusal(stage, "answer_approval", case_id=case.case_id, approval_id="apr_1", outcome="approve")
    assert told.startswith("not_allowed by: by must be a collector who may approve publications")
    assert load(stage, case.case_id).approvals[0].is_open


def test_a_case_changes_hands_and_the_loads_show_it(stage: Stage) -> None:
    case = placed(stage)
    owner = case.owner
    assert owner is not None
    loads = {load["owner"]: load["open_cases"] for load in done(stage, "show_loads")["loads"]}
    assert loads[owner.collector_id] == 1
    others = [name for name in loads if name not in (owner.collector_id, "agency")]
    for to in others[:1]:
        given = {"case_id": case.case_id, "to": to, "reason": "absent"}
        assert done(stage, "reassign_case", **given)["case"]["owner"]["reason"] == "reassigned: absent"
        left = done(stage, "release_collector", collector_id=to)["reassigned"]
        assert left == {"moved": 1, "is_all": True}
    assert "to must be a collector" in refusal(
        stage, "reassign_case", case_id=case.case_id, to="col_none", reason="left"
    )


def test_figures_of_a_company_for_all_its_cases(stage: Stage) -> None:
    company = BODY["debtor"] | {"type": "business", "registration_id": "0112038-9", "name": "Velka Oy"}
    case = placed(stage, debtor=company)
    row = {"registration_id": "0112038-9", "country": "FI", "as_of": "2025-12-31", "source": "register"}
    told = done(stage, "import_financials", **row, year=2025, turnover="1000.50")["imported"]
    assert (told["recorded"], told["message"]) == ([case.case_id], "recorded in 1 case")
    known = load(stage, case.case_id).financials
    assert known is not None
    assert (known.turnover_minor, known.has_default_entry) == (100_050, None)
    assert "turnover: " in refusal(stage, "import_financials", **row, turnover="1,5")
