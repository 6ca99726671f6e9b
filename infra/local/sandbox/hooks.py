"""Levers for tests and the demo: repeated and late webhooks, chargebacks, failures on order."""

from __future__ import annotations

from infra.local.response import Response, json_response
from infra.local.sandbox.account import Account
from infra.local.sandbox.calls import Call
from infra.local.sandbox.faults import Faults
from infra.local.sandbox.webhooks import Webhooks
from infra.local.sandbox.wire import movement_json
from infra.local.sandbox.wishes import fields_of, switch, text, whole


class Hooks:
    def __init__(self, account: Account, webhooks: Webhooks, faults: Faults) -> None:
        self._account = account
        self._webhooks = webhooks
        self._faults = faults

    def events(self, _: Call) -> Response:
        return json_response(200, {"events": self._webhooks.events()})

    def redeliver(self, call: Call) -> Response:
        fields = {"times": 1} | dict(fields_of(call.body, {"event_id", "times"}))
        times = whole(fields, "times", 1, 100)
        self._webhooks.redeliver(text(fields, "event_id", 100), times)
        return json_response(202, {"queued": times})

    def hold(self, call: Call) -> Response:
        on = switch(fields_of(call.body, {"on"}), "on")
        self._webhooks.hold(on)
        return json_response(200, {"on": on})

    def settle(self, call: Call) -> Response:
        """Answers once no webhook is on its way, or when the time is up."""
        fields = {"timeout_seconds": 30} | dict(fields_of(call.body, {"timeout_seconds"}))
        pending = self._webhooks.settle(whole(fields, "timeout_seconds", 0, 600))
        return json_response(200, {"pending": pending})

    def dispute(self, call: Call) -> Response:
        session_id = text(fields_of(call.body, {"session_id"}), "session_id", 100)
        now = call.now(self._account.drift(session_id))
        return json_response(201, movement_json(self._account.dispute(session_id, now=now)))

    def fail(self, call: Call) -> Response:
        """The next `times` API calls answer `status`; with `after` they are performed all the same."""
        usual: dict[str, object] = {"times": 1, "status": 503, "after": False}
        fields = usual | dict(fields_of(call.body, set(usual)))
        times, status = whole(fields, "times", 0, 1000), whole(fields, "status", 400, 599)
        self._faults.order(times, status, is_after=switch(fields, "after"))
        return json_response(200, {"times": times, "status": status})
