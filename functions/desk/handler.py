"""The agency's desk: its own people record calls, holds, stops and answers. Invoked by IAM, no HTTP."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sovinto.bootstrap import Parts, read_agency, read_collectors
from sovinto.domain.case import Case
from sovinto.domain.ledger import balance_of
from sovinto.entry import desk, desk_answers, desk_held, desk_money, desk_orders
from sovinto.entry.desk_rights import Rights
from sovinto.entry.intake import Staff
from sovinto.entry.observe import flush, logger_of, metrics_of
from sovinto.entry.order_requests import ORDER_REQUESTS
from sovinto.entry.settings import DeskSettings
from sovinto.errors import SovintoError
from sovinto.ids import CaseId, CommunicationId
from sovinto.usecases.answer_approval import answer_approval
from sovinto.usecases.hold_case import place_hold, release_hold
from sovinto.usecases.import_financials import import_financials
from sovinto.usecases.list_calls import list_calls
from sovinto.usecases.loads import loads_by_owner
from sovinto.usecases.reassign_case import reassign_case, release_collector
from sovinto.usecases.record_call import record_call
from sovinto.usecases.record_financials import record_financials
from sovinto.usecases.release_party import release_party
from sovinto.usecases.replan import propose_plan
from sovinto.usecases.step_context import Sender
from sovinto.usecases.stop_case import stop_case
from sovinto.usecases.update_contacts import update_contacts

logger = logger_of("desk")
metrics = metrics_of("desk")


@lru_cache(maxsize=1)
def parts() -> tuple[DeskSettings, Parts]:
    settings = DeskSettings.from_env()
    return settings, Parts(settings)


def handle(event: object, context: object) -> dict[str, Any]:
    """Refusals are answers; an exception here is a bug or an unavailable service.

    `by` is believed. What AWS knows of the caller is in CloudTrail, under the id of the request.
    """
    told: dict[str, Any] = {"request_id": getattr(context, "aws_request_id", "")}
    try:
        request = desk.read_request(event, MORE)
        collector = rights().known(request.by)
        told |= {"action": request.action, "by": collector.collector_id, **_case_of(request)}
        rights().check_conflict(request)
        rights().check_right(request)
        answer = ACTIONS[type(request)](request)
    except SovintoError as refusal:
        logger.info("desk refused", extra={**told, "code": refusal.code})
        metrics.add_metric("desk_refused", "Count", 1)
        flush(metrics)
        return desk_answers.refused(refusal)
    logger.info("desk", extra=told)
    return desk_answers.done(**answer)


def _case_of(request: desk.DeskRequest) -> dict[str, str]:
    return {"case_id": request.case_id} if isinstance(request, desk.CaseRequest) else {}


def rights() -> Rights:
    settings, wired = parts()
    staff = read_collectors(settings.collectors)
    return Rights(staff, wired.cases, wired.clients, wired.orders, wired.book)


def is_barred(by: str, case: Case) -> bool:
    return rights().is_barred(by, case)


def sender() -> Sender:
    settings, wired = parts()
    secret = wired.secrets.read(settings.code_secret_arn)
    return Sender(read_agency(settings.agency), secret, settings.page_url)


def books() -> dict[str, Any]:
    """What every action writes in, and its time."""
    wired = parts()[1]
    return {"cases": wired.cases, "clock": wired.clock}


def shown(case: Case) -> dict[str, Any]:
    settings, wired = parts()
    staff = Staff(read_collectors(settings.collectors), read_agency(settings.agency).contact.name)
    file = wired.cases.file(case.case_id)
    balance = balance_of(file.case.case_id, file.case.currency, file.entries)
    return {"case": desk_answers.agency_case_json(file.case, staff, balance, file.communications)}


def on_show_case(request: desk.ShowCase) -> dict[str, Any]:
    return shown(parts()[1].cases.load(CaseId(request.case_id)))


def on_list_calls(request: desk.ListCalls) -> dict[str, Any]:
    wired = parts()[1]
    found = list_calls(
        tasks=wired.call_tasks,
        cases=wired.cases,
        clients=wired.clients,
        sender=sender(),
        clock=wired.clock,
        collector_id=request.collector_id or "",
    )
    return {
        "calls": [
            desk_answers.open_call_json(call) for call in found if not is_barred(request.by, call.case)
        ]
    }


def on_record_call(request: desk.RecordCall) -> dict[str, Any]:
    wired = parts()[1]
    case = record_call(
        CaseId(request.case_id),
        CommunicationId(request.communication_id),
        request.outcome,
        by=request.by,
        parts=request.parts(),
        cases=wired.cases,
        clients=wired.clients,
        sender=sender(),
        clock=wired.clock,
    )
    return shown(case)


def on_place_hold(request: desk.PlaceHold) -> dict[str, Any]:
    hold = place_hold(
        CaseId(request.case_id),
        request.reason,
        by=request.by,
        **books(),
        from_on=request.from_on,
        until=request.until,
    )
    return {"hold": desk_answers.agency_hold_json(hold)}


def on_release_hold(request: desk.ReleaseHold) -> dict[str, Any]:
    case_id, by = CaseId(request.case_id), request.by
    hold = release_hold(case_id, request.hold_id, by=by, **books())
    return {"hold": desk_answers.agency_hold_json(hold)}


def on_stop_case(request: desk.StopCase) -> dict[str, Any]:
    case_id, by = CaseId(request.case_id), request.by
    stopped = stop_case(case_id, request.closure, by=by, party_id=request.party_id or "", **books())
    return shown(stopped)


def on_answer_approval(request: desk.AnswerApproval) -> dict[str, Any]:
    case = answer_approval(
        CaseId(request.case_id),
        request.approval_id,
        approve=request.is_yes,
        by=request.by,
        **books(),
    )
    return shown(case)


def on_record_financials(request: desk.RecordFinancials) -> dict[str, Any]:
    case_id, by, figures = CaseId(request.case_id), request.by, request.financials()
    return shown(record_financials(case_id, figures, by=by, **books()))


def on_release_party(request: desk.ReleaseParty) -> dict[str, Any]:
    case_id, by = CaseId(request.case_id), request.by
    return shown(release_party(case_id, request.party_id, by=by, **books()))


def on_propose_plan(request: desk.ProposePlan) -> dict[str, Any]:
    wired = parts()[1]
    answer = propose_plan(
        CaseId(request.case_id),
        request.instalments,
        request.first_on,
        by=request.by,
        cases=wired.cases,
        clients=wired.clients,
        sender=sender(),
        clock=wired.clock,
    )
    return desk_answers.proposal_json(answer)


def on_update_contacts(request: desk.UpdateContacts) -> dict[str, Any]:
    case_id, by, new = CaseId(request.case_id), request.by, request.contacts()
    return shown(update_contacts(case_id, new, by=by, **books()))


def on_reassign_case(request: desk.ReassignCase) -> dict[str, Any]:
    settings, wired = parts()
    case = reassign_case(
        CaseId(request.case_id),
        request.to,
        by=request.by,
        reason=request.reason,
        collectors=read_collectors(settings.collectors),
        cases=wired.cases,
        clients=wired.clients,
        clock=wired.clock,
    )
    return shown(case)


def on_release_collector(request: desk.ReleaseCollector) -> dict[str, Any]:
    settings, wired = parts()
    done = release_collector(
        request.collector_id,
        by=request.by,
        collectors=read_collectors(settings.collectors),
        cases=wired.cases,
        clients=wired.clients,
        clock=wired.clock,
    )
    return {"reassigned": {"moved": done.moved, "is_all": done.is_all}}


def on_show_loads(request: desk.ShowLoads) -> dict[str, Any]:  # noqa: ARG001
    settings, wired = parts()
    collectors = read_collectors(settings.collectors)
    return {"loads": desk_answers.loads_json(loads_by_owner(wired.cases, collectors), collectors)}


def on_import_financials(request: desk.ImportFinancials) -> dict[str, Any]:
    done = import_financials(
        request.figures(),
        by=request.by,
        **books(),
        is_barred=lambda case: is_barred(request.by, case),
    )
    return {"imported": desk_answers.imported_json(done)}


def on_order(request: desk.DeskRequest) -> dict[str, Any]:
    settings, wired = parts()
    means = desk_orders.Means(
        read_agency(settings.agency),
        wired.files(settings.bank_bucket),
        wired.cases,
        wired.clients,
        wired.orders,
        wired.clock,
        logger.error,
        settings.gateway_provider,
        wired.book,
    )
    return desk_orders.act(request, means)


def on_money(request: desk.DeskRequest) -> dict[str, Any]:
    settings, wired = parts()
    for case_id in desk_money.cases_of(request):
        rights().check_no_conflict(request.by, case_id)
    agency = read_agency(settings.agency)
    return desk_money.answer(request, agency, book=wired.book, orders=wired.orders, **books())


def on_held(request: desk.DeskRequest) -> dict[str, Any]:
    settings, wired = parts()
    agency, bank = read_agency(settings.agency), wired.files(settings.bank_bucket)
    return desk_held.act(request, desk_held.Means(agency, bank, wired.book, wired.cases, wired.clock))


MORE = {**ORDER_REQUESTS, **desk_money.REQUESTS, **desk_held.REQUESTS}
ACTIONS: dict[type[desk.DeskRequest], Callable[[Any], dict[str, Any]]] = {
    desk.ShowCase: on_show_case,
    desk.ListCalls: on_list_calls,
    desk.RecordCall: on_record_call,
    desk.PlaceHold: on_place_hold,
    desk.ReleaseHold: on_release_hold,
    desk.StopCase: on_stop_case,
    desk.AnswerApproval: on_answer_approval,
    desk.RecordFinancials: on_record_financials,
    desk.ReleaseParty: on_release_party,
    desk.ProposePlan: on_propose_plan,
    desk.UpdateContacts: on_update_contacts,
    desk.ReassignCase: on_reassign_case,
    desk.ReleaseCollector: on_release_collector,
    desk.ShowLoads: on_show_loads,
    desk.ImportFinancials: on_import_financials,
    **dict.fromkeys(ORDER_REQUESTS.values(), on_order),
    **dict.fromkeys(desk_money.REQUESTS.values(), on_money),
    **dict.fromkeys(desk_held.REQUESTS.values(), on_held),
}
