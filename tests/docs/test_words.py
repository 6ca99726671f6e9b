"""Whatever a page shows by its name in the code has words in every language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pytest
from sovinto.domain.agreement import ApprovalKind, ApprovalOutcome, CallOutcome
from sovinto.domain.case import Closure, DisputeKind, Step
from sovinto.domain.claim_class import ClaimClass
from sovinto.domain.communication import Channel, SendingState
from sovinto.domain.evaluated import Outcome
from sovinto.domain.evaluation import RULES
from sovinto.domain.hold import HoldReason
from sovinto.rendering.templates import manifest, texts

from infra.paths import ROOT

MATCHING = ROOT / "layers" / "core" / "python" / "sovinto" / "domain" / "matching" / "rules.py"
OF_NO_CASE = {"invoice_reminder", "invoice_reminder_again", "payout_account", "remittance_rejected"}
"""Messages to a client about no case of its own."""


def matching_rules() -> set[str]:
    return set(re.findall(r'_(?:whole|exact)\(seen, \w+, "(\w+)"', MATCHING.read_text("utf-8")))


def messages_of_cases() -> set[str]:
    names = {name for channel, name in manifest() if channel in ("letter", "email", "sms", "call")}
    return names - OF_NO_CASE


def shown() -> Iterable[tuple[str, str, Iterable[str]]]:
    """Page, table and the names that the page looks up in it."""
    yield "common", "steps", Step
    yield "common", "kinds_of_dispute", DisputeKind
    yield "common", "states", [*Closure, "open", "plan", "disputed", "held"]
    yield "debtor_debt", "hold_reasons", HoldReason
    yield "debtor_closed", "reasons", Closure
    yield "client_case", "classes", ClaimClass
    yield "client_case", "call_outcomes", CallOutcome
    yield "client_case", "approval_kinds", ApprovalKind
    yield "client_case", "approval_outcomes", ApprovalOutcome
    yield "client_case", "channels", Channel
    yield "client_case", "sending", SendingState
    yield "client_case", "templates", messages_of_cases()
    yield "client_case", "rules", [rule.rule_id for rule in RULES if rule.outcome is Outcome.LEGAL_STEP]
    yield "client_statement", "parts", ClaimClass
    yield "client_statement", "rules", [*matching_rules(), "by_hand", "page"]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize(("page", "table", "names"), list(shown()))
def test_every_name_has_its_words(language: str, page: str, table: str, names: Iterable[str]) -> None:
    words: dict[str, Any] = texts("pages", language)[page].get(table, {})
    assert sorted(set(map(str, names)) - set(words)) == []


def test_the_rules_of_matching_are_found() -> None:
    assert {"reference_and_sum", "reference_checked_by_bank", "name_sum"} <= matching_rules()
