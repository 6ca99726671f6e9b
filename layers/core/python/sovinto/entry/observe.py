"""Logger and metrics as every function uses them: ids and outcomes, never bodies or personal data."""

from __future__ import annotations

from aws_lambda_powertools import Logger, Metrics

NAMESPACE = "Sovinto"


def logger_of(function: str) -> Logger:
    return Logger(service=function, log_uncaught_exceptions=False)


def flush(metrics: Metrics) -> None:
    """Write what was counted; silent where nothing was."""
    if metrics.provider.metric_set:
        metrics.flush_metrics()


def metrics_of(function: str) -> Metrics:
    return Metrics(namespace=NAMESPACE, service=function)
