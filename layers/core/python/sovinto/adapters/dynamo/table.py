"""One DynamoDB table behind a few verbs; the in-memory twin in the tests keeps the same contract."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from botocore.exceptions import ClientError

from sovinto.errors import Conflict, SovintoError, StaleVersion, UpstreamUnavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

Scalar = str | int | bool
Item = Mapping[str, Scalar]
Key = tuple[str, str]
_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Put:
    """Write a whole item. `if_absent`: only a new one; `expect`: only over these values (None: absent)."""

    item: Item
    if_absent: bool = False
    expect: Mapping[str, Scalar | None] = field(default_factory=dict)
    clash: type[Conflict] = StaleVersion


@dataclass(frozen=True, slots=True)
class Set:
    """Change some attributes (None removes) of an item, only where `expect` holds (None: absent)."""

    pk: str
    sk: str
    values: Mapping[str, Scalar | None]
    expect: Mapping[str, Scalar | None] = field(default_factory=dict)
    clash: type[Conflict] = StaleVersion


@dataclass(frozen=True, slots=True)
class Check:
    """Write nothing, but let the transaction fail unless `expect` holds."""

    pk: str
    sk: str
    expect: Mapping[str, Scalar | None]
    clash: type[Conflict] = StaleVersion


Write = Put | Set | Check


def key_of(write: Write) -> Key:
    if isinstance(write, Put):
        return str(write.item["pk"]), str(write.item["sk"])
    return write.pk, write.sk


class Table(Protocol):
    def get(self, pk: str, sk: str) -> Item | None: ...
    def several(self, keys: Sequence[Key]) -> Mapping[Key, Item | None]:
        """Items by their keys, None where there is none, in few requests. A busy table may leave keys out:
        of them nothing is known."""

    def query(self, pk: str, prefix: str = "", *, upto: str = "") -> Iterator[Item]:
        """Items of a partition in key order, by their prefix or up to a sort key, `upto` included."""

    def index(
        self,
        name: str,
        pk: str,
        *,
        since: str = "",
        upto: str | None = None,
        limit: int | None = None,
        only: Sequence[str] = (),
    ) -> Iterator[Item]:
        """Items of an index partition in sort order; `since` and `upto` are inclusive. `only` these
        attributes of them, where any is named."""

    def transact(self, writes: Sequence[Write]) -> None:
        """All or nothing. Raises the `clash` of the first write whose condition fails."""


INDEX_KEYS = {
    "work": ("work_queue", "work_at"),
    "book": ("book_day", "book_id"),
    "client": ("client_key", "client_sort"),
}
MAX_WRITES = 100
MAX_READS = 100
_BUSY = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}
_BUSY_CODES = {
    "TransactionInProgressException",
    "ThrottlingException",
    "ProvisionedThroughputExceededException",
}


def check_writes(writes: Sequence[Write]) -> None:
    """What the service refuses in any transaction is a bug of ours. Raises ValueError."""
    if not 0 < len(writes) <= MAX_WRITES:
        raise ValueError(f"a transaction holds 1 to {MAX_WRITES} writes, not {len(writes)}")
    if len(set(map(key_of, writes))) < len(writes):
        raise ValueError("a transaction writes an item twice")


class DynamoTable:
    """The table on DynamoDB; the low-level client, because conditions and reasons are the design."""

    def __init__(self, client: DynamoDBClient, name: str) -> None:
        self._client = client
        self._name = name

    def get(self, pk: str, sk: str) -> Item | None:
        answer = self._client.get_item(
            TableName=self._name, Key={"pk": {"S": pk}, "sk": {"S": sk}}, ConsistentRead=True
        )
        item = answer.get("Item")
        return _plain(item) if item else None

    def several(self, keys: Sequence[Key]) -> dict[Key, Item | None]:
        found: dict[Key, Item | None] = {}
        for begin in range(0, len(keys), MAX_READS):
            found |= self._several(keys[begin : begin + MAX_READS])
        return found

    def _several(self, keys: Sequence[Key]) -> dict[Key, Item | None]:
        wanted = [{"pk": {"S": pk}, "sk": {"S": sk}} for pk, sk in keys]
        request: Any = {self._name: {"Keys": wanted, "ConsistentRead": True}}
        answer: Any = self._client.batch_get_item(RequestItems=request)
        left = answer.get("UnprocessedKeys", {}).get(self._name, {}).get("Keys", [])
        unknown = {(str(key["pk"]["S"]), str(key["sk"]["S"])) for key in left}
        found: dict[Key, Item | None] = {key: None for key in keys if key not in unknown}
        for item in map(_plain, answer.get("Responses", {}).get(self._name, [])):
            found[str(item["pk"]), str(item["sk"])] = item
        return found

    def query(self, pk: str, prefix: str = "", *, upto: str = "") -> Iterator[Item]:
        condition, values = "pk = :pk", {":pk": {"S": pk}}
        if prefix or upto:
            condition += " AND begins_with(sk, :sk)" if prefix else " AND sk <= :sk"
            values[":sk"] = {"S": prefix or upto}
        yield from self._pages(
            KeyConditionExpression=condition, ExpressionAttributeValues=values, ConsistentRead=True
        )

    def index(
        self,
        name: str,
        pk: str,
        *,
        since: str = "",
        upto: str | None = None,
        limit: int | None = None,
        only: Sequence[str] = (),
    ) -> Iterator[Item]:
        if upto is not None and not since <= upto > "":
            return  # The service refuses ends that lie the wrong way round.
        partition, sort = INDEX_KEYS[name]
        ends = {f":{end}": {"S": text} for end, text in (("since", since), ("upto", upto)) if text}
        condition, values = f"{partition} = :pk" + _between(sort, ends.keys()), {":pk": {"S": pk}, **ends}
        asked = {"KeyConditionExpression": condition, "ExpressionAttributeValues": values}
        found = self._pages(IndexName=name, **asked, **_projection(only))
        for count, item in enumerate(found):
            if limit is not None and count >= limit:
                return
            yield item

    def _pages(self, **request: Any) -> Iterator[Item]:
        while True:
            answer = self._client.query(TableName=self._name, **request)
            for item in answer["Items"]:
                yield _plain(item)
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def transact(self, writes: Sequence[Write]) -> None:
        check_writes(writes)
        try:
            self._client.transact_write_items(TransactItems=[self._request(write) for write in writes])
        except self._client.exceptions.TransactionCanceledException as failure:
            reasons = failure.response.get("CancellationReasons", [])
            raise _first_clash(writes, [reason.get("Code", "None") for reason in reasons]) from failure
        except ClientError as failure:
            if failure.response["Error"]["Code"] in _BUSY_CODES:
                raise UpstreamUnavailable("the table is busy; try again") from failure
            raise

    def _request(self, write: Write) -> Any:
        match write:
            case Put():
                return {"Put": self._put(write)}
            case Set():
                return {"Update": self._set(write)}
            case Check():
                return {"ConditionCheck": {**self._key(write.pk, write.sk), **_expectation(write.expect)}}

    def _key(self, pk: str, sk: str) -> dict[str, Any]:
        return {"TableName": self._name, "Key": {"pk": {"S": pk}, "sk": {"S": sk}}}

    def _put(self, write: Put) -> dict[str, Any]:
        request: dict[str, Any] = {"TableName": self._name, "Item": _marshal(write.item)}
        if write.if_absent:
            request["ConditionExpression"] = "attribute_not_exists(pk)"
        elif write.expect:
            request |= _expectation(write.expect)
        return request

    def _set(self, write: Set) -> dict[str, Any]:
        names, values, puts, removes = {}, {}, [], []
        for count, (name, value) in enumerate(write.values.items()):
            names[f"#s{count}"] = name
            if value is None:
                removes.append(f"#s{count}")
            else:
                values[f":s{count}"] = _attribute(value)
                puts.append(f"#s{count} = :s{count}")
        change = " ".join(
            part
            for part in (
                "SET " + ", ".join(puts) if puts else "",
                "REMOVE " + ", ".join(removes) if removes else "",
            )
            if part
        )
        guard = _expectation(write.expect)
        names |= guard.pop("ExpressionAttributeNames", {})
        values |= guard.pop("ExpressionAttributeValues", {})
        request = {
            **self._key(write.pk, write.sk),
            **guard,
            "UpdateExpression": change,
            "ExpressionAttributeNames": names,
        }
        return {**request, "ExpressionAttributeValues": values} if values else request


def _between(sort: str, ends: Collection[str]) -> str:
    if len(ends) > 1:  # A sort key may have one condition only.
        return f" AND {sort} BETWEEN :since AND :upto"
    return "".join(f" AND {sort} {'>=' if end == ':since' else '<='} {end}" for end in ends)


def _projection(only: Sequence[str]) -> dict[str, Any]:
    names = {f"#n{count}": name for count, name in enumerate(only)}
    return {"ProjectionExpression": ", ".join(names), "ExpressionAttributeNames": names} if only else {}


def _expectation(expect: Mapping[str, Scalar | None]) -> dict[str, Any]:
    if not expect:
        return {}
    names, values, parts = {}, {}, []
    for count, (name, value) in enumerate(expect.items()):
        names[f"#e{count}"] = name
        if value is None:
            parts.append(f"attribute_not_exists(#e{count})")
        else:
            values[f":e{count}"] = _attribute(value)
            parts.append(f"#e{count} = :e{count}")
    request: dict[str, Any] = {
        "ConditionExpression": " AND ".join(parts),
        "ExpressionAttributeNames": names,
    }
    return {**request, "ExpressionAttributeValues": values} if values else request


def _first_clash(writes: Sequence[Write], codes: Sequence[str]) -> SovintoError:
    for write, code in zip(writes, codes, strict=False):
        if code == "ConditionalCheckFailed":
            return write.clash("something that this change rests on is there already or has moved")
    if any(code in _BUSY for code in codes):
        return StaleVersion("two changes met; read again")
    return UpstreamUnavailable(f"the table refused the transaction: {', '.join(codes)}")


def _attribute(value: Scalar) -> Any:
    if isinstance(value, bool):
        return {"BOOL": value}
    return {"N": str(value)} if isinstance(value, int) else {"S": value}


def _marshal(item: Item) -> dict[str, Any]:
    return {name: _attribute(value) for name, value in item.items()}


def _scalar(attribute: Mapping[str, Any]) -> Scalar:
    if "N" in attribute:
        return int(attribute["N"])
    return bool(attribute["BOOL"]) if "BOOL" in attribute else str(attribute["S"])


def _plain(item: Mapping[str, Any]) -> Item:
    return {name: _scalar(attribute) for name, attribute in item.items()}
