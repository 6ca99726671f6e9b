"""The sandbox's front: finds the route, guards it, answers. One call changes things at a time."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from infra.local.response import Response
from infra.local.sandbox.account import Account
from infra.local.sandbox.api import Api
from infra.local.sandbox.calls import Call, Repetitions, check_key, check_size
from infra.local.sandbox.checkout import Checkout
from infra.local.sandbox.errors import ApiError, absent
from infra.local.sandbox.faults import Faults
from infra.local.sandbox.hooks import Hooks
from infra.local.sandbox.model import Session
from infra.local.sandbox.schedule import Later, Schedule
from infra.local.sandbox.webhooks import Post, Retry, Webhooks, post_by_http

Handler = Callable[[Call], Response]
_ID = "([a-z]{2}_[0-9a-f]{24})"


@dataclass(frozen=True, slots=True)
class _Route:
    method: str
    path: re.Pattern[str]
    answer: Handler


class Sandbox:
    """A hosted-checkout provider in memory, for `handle` to be put behind any HTTP server.

    `public_url` is where people and callers reach it, without a path ("http://localhost:8080").
    Webhooks go to `webhook_url`, signed with `webhook_secret`; without a URL they are only recorded.
    `close` ends its thread. `clock` (unix seconds), `post` and `schedule` are for tests.
    """

    def __init__(
        self,
        *,
        public_url: str,
        api_key: str,
        webhook_url: str | None,
        webhook_secret: bytes,
        retry: Retry | None = None,
        clock: Callable[[], int] = lambda: int(time.time()),
        post: Post = post_by_http,
        schedule: Later | None = None,
    ) -> None:
        self._api_key = api_key
        self._clock = clock
        self._own_schedule: Schedule | None = None
        if schedule is None:
            schedule = self._own_schedule = Schedule()
        self._later = schedule
        self._webhooks = Webhooks(
            webhook_url, webhook_secret, schedule=schedule, clock=clock, post=post, retry=retry
        )
        self._account = Account(self._webhooks.publish)
        self._repetitions = Repetitions()
        self._faults = Faults()
        self._lock = threading.Lock()
        self._routes = self._all_routes(public_url.rstrip("/"))

    def close(self) -> None:
        """End the delivery thread; what was not delivered by then is dropped."""
        if self._own_schedule is not None:
            self._own_schedule.close()

    def handle(
        self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes
    ) -> Response:
        """Answer one call to a path under /sandbox/. Never raises for what a caller sends."""
        del query  # no route of the provider reads it
        lower = {name.lower(): value for name, value in headers.items()}
        call = Call(method, path, lower, body, self._clock())
        try:
            check_size(call)
            return self._route(call)
        except ApiError as error:
            return error.response()

    def _route(self, call: Call) -> Response:
        found = [(route, match) for route in self._routes if (match := route.path.fullmatch(call.path))]
        if not found:
            raise absent("page")
        for route, match in found:
            if route.method == call.method:
                return route.answer(replace(call, target="".join(match.groups())))
        allowed = ", ".join(route.method for route, _ in found)
        refusal = ApiError(405, "method_not_allowed", f"this address takes {allowed}").response()
        return replace(refusal, headers=refusal.headers | {"Allow": allowed})

    def _all_routes(self, public_url: str) -> tuple[_Route, ...]:
        api = Api(self._account, public_url, self._end_in_time)
        page = Checkout(self._account)
        hooks = Hooks(self._account, self._webhooks, self._faults)
        provider = {
            ("POST", "/v1/checkout/sessions"): api.open_session,
            ("GET", f"/v1/checkout/sessions/{_ID}"): api.show_session,
            ("POST", f"/v1/checkout/sessions/{_ID}/expire"): api.expire_session,
            ("POST", "/v1/refunds"): api.refund,
            ("GET", "/v1/payouts"): api.list_payouts,
            ("POST", "/v1/payouts"): api.close_day,
        }
        # Settle waits for receivers that may call back, so the levers take the lock one by one.
        levers = {
            ("GET", "/test/events"): hooks.events,
            ("POST", "/test/redeliver"): hooks.redeliver,
            ("POST", "/test/hold"): hooks.hold,
            ("POST", "/test/settle"): hooks.settle,
            ("POST", "/test/dispute"): self._alone(hooks.dispute),
            ("POST", "/test/fail"): self._alone(hooks.fail),
        }
        pages = {("GET", f"/pay/{_ID}"): page.show, ("POST", f"/pay/{_ID}"): page.submit}
        guarded = (
            {key: self._as_provider(answer) for key, answer in provider.items()}
            | {key: self._with_key(answer) for key, answer in levers.items()}
            | {key: self._alone(answer) for key, answer in pages.items()}
        )
        return tuple(
            _Route(method, re.compile(f"/sandbox{path}"), answer)
            for (method, path), answer in guarded.items()
        )

    def _as_provider(self, answer: Handler) -> Handler:
        """An API call: key, ordered faults, repetition by Idempotency-Key."""

        def perform(call: Call) -> Response:
            return self._faults.around(lambda: self._repetitions.once(call, lambda: answer(call)))

        return self._with_key(self._alone(perform))

    def _with_key(self, answer: Handler) -> Handler:
        def perform(call: Call) -> Response:
            check_key(call, self._api_key)
            return answer(call)

        return perform

    def _alone(self, answer: Handler) -> Handler:
        def perform(call: Call) -> Response:
            with self._lock:
                return answer(call)

        return perform

    def _end_in_time(self, session: Session) -> None:
        def look() -> None:
            # Looking at a session whose time is up is what ends it.
            with self._lock:
                self._account.session(session.session_id, now=session.expires_at)

        self._later.after(session.wish.expires_after_seconds, look)
