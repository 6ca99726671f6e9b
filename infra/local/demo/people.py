"""The debtors act: they read what was sent to them, and pay, agree or object as people do."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from infra.local.bank import BankAccount
from infra.local.demo.behaviour import Debtor, debtor_for
from infra.local.demo.browser import Browser, action_of, csrf_of
from infra.local.running import Running

GOOD_CARD = "4242 4242 4242 4242"


@dataclass(slots=True)
class People:
    """All debtors of the demo, their bank, and what each intends to do on which day."""

    running: Running
    bank: BankAccount
    debtors: dict[str, Debtor] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    plans: list[tuple[date, str, str, int]] = field(default_factory=list)

    def notice(self, cases: list[dict[str, Any]], today: date) -> None:
        """Each debtor reads new letters and makes up their mind."""
        for number, case in enumerate(cases):
            case_id = str(case["case_id"])
            debtor = self.debtors.setdefault(case_id, debtor_for(case_id, number))
            steps = [step for step in case["steps"] if step["outcome"] == "performed"]
            for step in steps[self.seen.get(case_id, 0) :]:
                self._react(debtor, str(step["step"]), today)
            self.seen[case_id] = len(steps)

    def _react(self, debtor: Debtor, step: str, today: date) -> None:
        acts = REACTIONS.get((debtor.behaviour, step), ())
        for act, days, share in acts:
            on = today + timedelta(days=days + debtor.patience_days)
            self.plans.append((on, debtor.case_id, act, share))

    def act(self, today: date) -> int:
        """Do what was planned for today; returns how many things were done."""
        ready = [plan for plan in self.plans if plan[0] <= today]
        self.plans = [plan for plan in self.plans if plan[0] > today]
        for _, case_id, act, share in ready:
            getattr(self, f"_{act}")(case_id, share, today)
        return len(ready)

    def letter(self, case_id: str) -> dict[str, Any]:
        """The newest letter as it was sent; the demo's debtors can read."""
        found = self._items(case_id, "COMM#")
        letters = [item["letter"] for item in found if item.get("letter") and item["audience"] == "debtor"]
        return max(letters, key=lambda letter: str(letter["written_on"]))

    def _items(self, case_id: str, prefix: str) -> list[dict[str, Any]]:
        answer = self.running.client("dynamodb").query(
            TableName=self.running.table_name,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ExpressionAttributeValues={":pk": {"S": f"CASE#{case_id}"}, ":sk": {"S": prefix}},
        )
        return [json.loads(item["body"]["S"]) for item in answer["Items"]]

    def _transfer(self, case_id: str, share: int, today: date) -> None:
        """`share` percent of the sum on the letter, with its reference."""
        letter = self.letter(case_id)
        amount = int(letter["total"]["minor"]) * share // 100
        self.bank.credit(today, amount, letter["payment"]["reference"], letter["debtor_name"])

    def _transfer_blind(self, case_id: str, share: int, today: date) -> None:
        """The money comes, the reference was forgotten."""
        letter = self.letter(case_id)
        amount = int(letter["total"]["minor"]) * share // 100
        self.bank.credit(today, amount, None, letter["debtor_name"], text="lasku")

    def open_page(self, case_id: str) -> tuple[Browser, str, str]:
        """The link and the code from the letter; (browser, path, page)."""
        letter = self.letter(case_id)
        browser = Browser(self.running.url)
        path = "/d/" + str(letter["page_url"]).rsplit("/", 1)[1]
        token = csrf_of(browser.get(path))
        page = browser.post(path, {"csrf": token, "code": str(letter["access_code"])})
        return browser, path, page

    def _card(self, case_id: str, _share: int, _today: date) -> None:
        browser, path, page = self.open_page(case_id)
        amount = page.split('name="amount" value="', 1)[1].split('"', 1)[0]
        hosted = browser.post(f"{path}/pay", {"csrf": csrf_of(page), "amount": amount})
        browser.post(action_of(hosted), {"card": GOOD_CARD})

    def _plan(self, case_id: str, share: int, _today: date) -> None:
        browser, path, page = self.open_page(case_id)
        if f'value="{share}"' not in page:
            share = 2
        browser.post(f"{path}/plan", {"csrf": csrf_of(page), "instalments": str(share)})

    def _instalment(self, case_id: str, _share: int, today: date) -> None:
        """Pays what the SMS of today asks for."""
        letter = self.letter(case_id)
        asked = letter["payment"]
        self.bank.credit(today, int(asked["amount"]["minor"]), asked["reference"], letter["debtor_name"])

    def _object(self, case_id: str, _share: int, _today: date) -> None:
        browser, path, page = self.open_page(case_id)
        fields = {"csrf": csrf_of(page), "kind": "wrong_amount", "text": "Olen jo palauttanut osan."}
        browser.post(f"{path}/dispute", fields)


# (behaviour, step that is read) -> (act, days after reading besides the debtor's patience, share in %)
REACTIONS: dict[tuple[str, str], tuple[tuple[str, int, int], ...]] = {
    ("pays_reminder", "send_reminder"): (("transfer", 0, 100),),
    ("pays_by_card", "send_reminder"): (("card", 1, 100),),
    ("pays_demand", "send_demand"): (("transfer", 0, 100),),
    ("pays_late", "send_demand"): (("transfer", 17, 100),),
    ("pays_part", "send_demand"): (("transfer", 0, 40),),
    ("pays_in_two", "send_demand"): (("transfer", 0, 50), ("transfer", 20, 55)),
    ("keeps_plan", "offer_plan"): (("plan", 0, 3),),
    ("keeps_plan", "remind_instalment"): (("instalment", -8, 100),),
    ("breaks_plan", "offer_plan"): (("plan", 0, 3),),
    ("dispute_upheld", "send_reminder"): (("object", 0, 0),),
    ("dispute_rejected", "send_demand"): (("object", 0, 0),),
    ("dispute_rejected", "call_debtor"): (("transfer", 0, 60),),
    ("forgets_reference", "send_reminder"): (("transfer_blind", 0, 100),),
    ("pays_too_much", "send_reminder"): (("transfer", 0, 110),),
}
