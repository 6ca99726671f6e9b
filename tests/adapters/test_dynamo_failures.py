"""What the table makes of the service's failures: what may be tried again and what is a clash."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from sovinto.adapters.dynamo.table import Check, DynamoTable, Put
from sovinto.errors import AlreadyStored, StaleVersion, UpstreamUnavailable

from tests.support.aws import TABLE, client, moto_table

PUT = Put({"pk": "P", "sk": "a"}, if_absent=True, clash=AlreadyStored)
OTHER = Check("P", "b", {"n": 1})


class Cancelled(ClientError):
    """TransactionCanceledException with its reasons, as botocore raises it."""


class Exceptions:
    TransactionCanceledException = Cancelled


class Service:
    """The low-level client whose transactions always fail in one way."""

    exceptions = Exceptions

    def __init__(self, code: str, *reasons: str) -> None:
        self._code, self._reasons = code, reasons

    def transact_write_items(self, **_: Any) -> None:
        answer: Any = {"Error": {"Code": self._code, "Message": "no"}}
        if self._reasons:
            answer["CancellationReasons"] = [{"Code": reason} for reason in self._reasons]
            raise Cancelled(answer, "TransactWriteItems")
        raise ClientError(answer, "TransactWriteItems")


class Busy:
    """The low-level client of a table that answers of a batch only the first key."""

    def batch_get_item(self, RequestItems: Any) -> Any:  # noqa: N803
        first, *rest = RequestItems[TABLE]["Keys"]
        return {
            "Responses": {TABLE: [{**first, "n": {"N": "1"}}]},
            "UnprocessedKeys": {TABLE: {"Keys": rest}},
        }


def test_of_what_a_busy_table_leaves_out_nothing_is_said() -> None:
    table = DynamoTable(Busy(), TABLE)  # type: ignore[arg-type]
    assert table.several([("P", "a"), ("P", "b")]) == {("P", "a"): {"pk": "P", "sk": "a", "n": 1}}


def failing(code: str, *reasons: str) -> DynamoTable:
    return DynamoTable(Service(code, *reasons), TABLE)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reasons", "error"),
    [
        (("ConditionalCheckFailed", "None"), AlreadyStored),
        (("None", "ConditionalCheckFailed"), StaleVersion),
        (("ConditionalCheckFailed", "ConditionalCheckFailed"), AlreadyStored),
        (("None", "TransactionConflict"), StaleVersion),
        (("ThrottlingError", "None"), StaleVersion),
        (("None", "ItemCollectionSizeLimitExceeded"), UpstreamUnavailable),
    ],
)
def test_a_cancelled_transaction_names_its_reason(reasons: tuple[str, str], error: type[Exception]) -> None:
    with pytest.raises(error):
        failing("TransactionCanceledException", *reasons).transact([PUT, OTHER])


@pytest.mark.parametrize(
    "code",
    [
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "TransactionInProgressException",
    ],
)
def test_a_busy_table_may_be_tried_again(code: str) -> None:
    with pytest.raises(UpstreamUnavailable):
        failing(code).transact([PUT])


@pytest.mark.parametrize("code", ["ValidationException", "AccessDeniedException"])
def test_a_bug_stays_a_bug(code: str) -> None:
    with pytest.raises(ClientError, match=code):
        failing(code).transact([PUT])


@pytest.fixture
def table() -> Iterator[DynamoTable]:
    with moto_table() as made:
        yield made


def test_pages_are_followed_and_no_more_are_read_than_asked(table: DynamoTable) -> None:
    """Pages of two, as a service under load may give them."""
    table.transact([Put({"pk": "P", "sk": f"{n}", "work_queue": "Q", "work_at": f"{n}"}) for n in range(7)])
    small = SmallPages()
    paged = DynamoTable(small, TABLE)  # type: ignore[arg-type]
    assert [item["sk"] for item in paged.query("P")] == [str(n) for n in range(7)]
    assert small.calls == 4
    small.calls = 0
    assert [item["sk"] for item in paged.index("work", "Q", limit=3)] == ["0", "1", "2"]
    assert small.calls == 2


class SmallPages:
    """The real client, two items a page."""

    def __init__(self) -> None:
        self.calls = 0
        self._client = client("dynamodb")
        self.exceptions = self._client.exceptions

    def query(self, **request: Any) -> Any:
        self.calls += 1
        return self._client.query(Limit=2, **request)


def test_reads_of_a_case_are_consistent(table: DynamoTable) -> None:
    """A step that was just stored must be seen by the next decision."""
    seen: list[dict[str, Any]] = []

    class Watching(SmallPages):
        def query(self, **request: Any) -> Any:
            seen.append(request)
            return super().query(**request)

        def get_item(self, **request: Any) -> Any:
            seen.append(request)
            return self._client.get_item(**request)

    watched = DynamoTable(Watching(), TABLE)  # type: ignore[arg-type]
    watched.get("P", "a")
    list(watched.query("P"))
    assert [request.get("ConsistentRead") for request in seen] == [True, True]
