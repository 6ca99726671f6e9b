"""What wakes a person. Each alarm names the runbook section by its own name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.names import dashed
from infra.parts.python_function import METRIC_NAMESPACE

AT_LEAST: Final = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD


class Alarms(Construct):
    """Dead letters, failing functions, a clock that stopped, law without a row, held statements."""

    def __init__(self, scope: Construct, name: str, *, prefix: str) -> None:
        super().__init__(scope, name)
        self._prefix = prefix
        self.all: list[cloudwatch.Alarm] = []

    def dead_letters(self, queues: Iterable[tuple[str, sqs.IQueue]]) -> None:
        for name, queue in queues:
            depth = queue.metric_approximate_number_of_messages_visible(period=Duration.minutes(5))
            self._add(
                f"dead-letters-{name}",
                depth,
                1,
                "Work failed too often and waits in the dead-letter queue.",
            )

    def errors(self, functions: Mapping[str, lambda_.IFunction]) -> None:
        for name, function in functions.items():
            metric = function.metric_errors(period=Duration.minutes(5), statistic="Sum")
            self._add(f"errors-{dashed(name)}", metric, 3, f"The function {dashed(name)} fails repeatedly.")

    def timeline(self, tick: lambda_.IFunction, failed: cloudwatch.IMetric) -> None:
        """The clock and what it finds."""
        runs = tick.metric_invocations(period=Duration.minutes(15), statistic="Sum")
        self._add(
            "tick-stopped",
            runs,
            1,
            "No tick for 15 minutes: due cases are not woken.",
            operator=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            missing=cloudwatch.TreatMissingData.BREACHING,
        )
        self._add(
            "law-missing", _own("law_missing", "case_step"), 1, "A rule has no row for today; cases wait."
        )
        self._add("tick-late", _own("tick_late", "tick"), 1, "A case has been due for more than a day.")
        self._add("executions-failed", failed, 1, "Timelines ended in failure; the tick restarts them.")

    def bank(self) -> None:
        held = _own("statement_held", "import_statement")
        self._add("statement-held", held, 1, "A bank file contradicts itself; nothing of it was posted.")
        broken = _own("books_broken", "prove_books")
        self._add("books-broken", broken, 1, "The ledger does not prove itself; the log names why.")

    def provider(self) -> None:
        held = _own("webhook_held", "payment_hook")
        self._add("payout-held", held, 1, "A provider's payout or payment cannot be explained; it waits.")
        refused = _own("webhook_refused", "payment_hook", statistic="Sum", minutes=60)
        self._add(
            "webhooks-refused", refused, 3, "Announcements of payments are refused: are the keys right?"
        )
        failed = _own("checkouts_failed", "portal", statistic="Sum")
        self._add("checkouts-failed", failed, 3, "Debtors cannot open the payment provider's page.")

    def refunds(self) -> None:
        oldest = _own("suspense_oldest_days", "pay_clients")
        self._add("suspense-old", oldest, 31, "Money has waited in suspense for over 30 days.")
        late = _own("refunds_late", "pay_clients")
        self._add("refunds-late", late, 1, "Somebody paid too much, and the day to give it back is over.")
        stopped = _own("payments_stopped", "pay_clients")
        self._add("payments-stopped", stopped, 1, "A payment came back again and again; it waits.")
        overdue = _own("orders_overdue", "pay_clients")
        self._add(
            "orders-overdue", overdue, 1, "The bank has a payment for days, and no statement shows it."
        )
        owing = _own("clients_owing", "pay_clients")
        self._add("clients-owing", owing, 1, "A client owes money that went back after it was remitted.")
        failed = _own("refunds_failed", "pay_clients")
        self._add("refunds-failed", failed, 1, "A refund could not be ordered; it is tried again tomorrow.")

    def _add(
        self,
        name: str,
        metric: cloudwatch.IMetric,
        threshold: int,
        what: str,
        *,
        operator: cloudwatch.ComparisonOperator = AT_LEAST,
        missing: cloudwatch.TreatMissingData = cloudwatch.TreatMissingData.NOT_BREACHING,
    ) -> None:
        alarm = cloudwatch.Alarm(
            self,
            name,
            alarm_name=f"{self._prefix}-{name}",
            alarm_description=what,
            metric=metric,
            threshold=threshold,
            evaluation_periods=1,
            comparison_operator=operator,
            treat_missing_data=missing,
        )
        self.all.append(alarm)


def _own(name: str, function: str, *, statistic: str = "Maximum", minutes: int = 15) -> cloudwatch.Metric:
    """A metric that the function itself puts (Powertools names the dimension `service`)."""
    return cloudwatch.Metric(
        namespace=METRIC_NAMESPACE,
        metric_name=name,
        dimensions_map={"service": function},
        statistic=statistic,
        period=Duration.minutes(minutes),
    )
