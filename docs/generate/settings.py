"""settings.md: the environment of each function, from the classes that read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from sovinto.entry.settings import ALL, Settings

from docs.generate.markdown import head, joined, sentence, table

INTRO = """Every variable is required and must not be empty; a function that lacks one names it and does
not start. CDK fills them from the same classes. None is a secret: secrets are named by ARN and read at
run time."""


def page() -> str:
    own = {field.name for field in fields(Settings)}
    common = table(
        ("variable", "what it holds"), ((f"`{name.upper()}`", EXAMPLES[name]) for name in _names(Settings))
    )
    rows = [
        (
            f"`{kind.function}`",
            ", ".join(f"`{name.upper()}`" for name in _names(kind) if name not in own),
            sentence(kind.__doc__) if kind.__doc__ and not kind.__doc__.startswith(kind.__name__) else "",
        )
        for kind in ALL
    ]
    per_function = table(("function", "variables besides the common ones", "note"), rows)
    used = {name for kind in ALL for name in _names(kind)} - own
    meanings = table(
        ("variable", "what it holds"), ((f"`{name.upper()}`", EXAMPLES[name]) for name in sorted(used))
    )
    return joined(
        head("Settings", "sovinto/entry/settings.py"),
        INTRO,
        "## Common to all functions",
        common,
        "## By function",
        per_function,
        "## What the others hold",
        meanings,
    )


def _names(kind: type[Settings]) -> Iterator[str]:
    return (field.name for field in fields(kind))


EXAMPLES = {
    "stage": "`dev`: local, dev or prod",
    "country": "`fi`: the country of this deployment",
    "table_name": "`sovinto-fi-dev-table`",
    "test_clock": "`true` or `false`; never `true` in prod",
    "agency": "JSON of `infra/agencies/fi.toml`: who signs letters, and our collection account",
    "bank_bucket": "`sovinto-fi-dev-bank-<account>`: statements in, payment files out",
    "collectors": "JSON of the `[[collectors]]` of the same file: who cases are given to",
    "bus_name": "`sovinto-fi-dev-events`",
    "code_secret_arn": "ARN of `sovinto-fi-dev/code`",
    "document_bucket": "`sovinto-fi-dev-documents-<account>`: letters, invoices, remittance statements",
    "gateway_secret_arn": "ARN of `sovinto-fi-dev/gateway`",
    "gateway_provider": "sandbox, stripe or paytrail",
    "gateway_url": "https address of the payment provider's API",
    "mail_from": "the verified sender of e-mail",
    "page_url": "address of the pages, without a slash at the end",
    "timeline_arn": "ARN of the state machine `sovinto-fi-dev-case-timeline`",
    "upload_bucket": "`sovinto-fi-dev-uploads-<account>`: case files and their reports",
    "user_pool_client_id": "app client of the clients' user pool",
}
