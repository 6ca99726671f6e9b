"""A process that is killed: at the n-th call that leaves it, before the call took effect or after."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sovinto.adapters.dynamo.table import Item, Scalar, Write
from sovinto.domain.driving import NextStep
from sovinto.ids import CaseId
from sovinto.ports import Attachment

from tests.support.memory_table import MemoryTable
from tests.support.outside import MemoryFiles, MemoryMailer, MemorySms, MemoryTimeline
from tests.support.world import World

Items = dict[tuple[str, str], dict[str, Scalar]]


class Killed(BaseException):
    """Not an Exception: whoever is killed cleans nothing up."""


@dataclass
class Fuse:
    """Counts the calls by name; `burns_at` is the number of the call that kills, None: never."""

    calls: list[str] = field(default_factory=list)
    burns_at: int | None = None
    is_after: bool = False

    def set(self, burns_at: int | None, *, is_after: bool = False) -> None:
        self.calls, self.burns_at, self.is_after = [], burns_at, is_after

    def before(self, name: str) -> None:
        self.calls.append(name)
        if self.burns_at == len(self.calls) and not self.is_after:
            raise Killed(name)

    def after(self, name: str) -> None:
        """What only reads has no effect: for it, after is before."""
        if self.burns_at == len(self.calls) and self.is_after:
            raise Killed(f"after {name}")


class FusedTable(MemoryTable):
    def __init__(self, fuse: Fuse) -> None:
        super().__init__()
        self.fuse = fuse

    def get(self, pk: str, sk: str) -> Item | None:
        self.fuse.before("get")
        return super().get(pk, sk)

    def query(self, pk: str, prefix: str = "", *, upto: str = "") -> Iterator[Item]:
        self.fuse.before("query")
        return super().query(pk, prefix, upto=upto)

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
        self.fuse.before("index")
        return super().index(name, pk, since=since, upto=upto, limit=limit, only=only)

    def transact(self, writes: Sequence[Write]) -> None:
        self.fuse.before("transact")
        super().transact(writes)
        self.fuse.after("transact")

    def copy(self) -> Items:
        return copied(self.items)


class FusedMailer(MemoryMailer):
    def __init__(self, fuse: Fuse) -> None:
        super().__init__()
        self.fuse = fuse

    def send(
        self, *, to: str, subject: str, text: str, attachments: Sequence[Attachment], reference: str
    ) -> str:
        self.fuse.before("mail")
        answer = super().send(
            to=to, subject=subject, text=text, attachments=attachments, reference=reference
        )
        self.fuse.after("mail")
        return answer


class FusedSms(MemorySms):
    def __init__(self, fuse: Fuse) -> None:
        super().__init__()
        self.fuse = fuse

    def send(self, *, to: str, text: str, reference: str) -> str:
        self.fuse.before("sms")
        answer = super().send(to=to, text=text, reference=reference)
        self.fuse.after("sms")
        return answer


class FusedFiles(MemoryFiles):
    def __init__(self, fuse: Fuse) -> None:
        super().__init__()
        self.fuse = fuse

    def write(self, key: str, data: bytes, content_type: str) -> None:
        self.fuse.before("document")
        super().write(key, data, content_type)
        self.fuse.after("document")


class FusedTimeline(MemoryTimeline):
    def __init__(self, fuse: Fuse) -> None:
        super().__init__()
        self.fuse = fuse

    def start(self, case_id: CaseId, execution: int) -> None:
        self.fuse.before("start")
        super().start(case_id, execution)
        self.fuse.after("start")

    def resume(self, token: str, found: NextStep) -> bool:
        self.fuse.before("resume")
        is_heard = super().resume(token, found)
        self.fuse.after("resume")
        return is_heard

    def stop(self, case_id: CaseId, execution: int) -> None:
        self.fuse.before("stop")
        super().stop(case_id, execution)
        self.fuse.after("stop")

    def is_running(self, case_id: CaseId, execution: int) -> bool:
        self.fuse.before("is_running")
        return super().is_running(case_id, execution)


def copied(items: Mapping[tuple[str, str], Mapping[str, Scalar]]) -> Items:
    return {key: dict(item) for key, item in items.items()}


@dataclass
class Fused:
    """A world of which every outgoing call counts."""

    fuse: Fuse
    table: FusedTable
    mailer: FusedMailer
    sms: FusedSms
    documents: FusedFiles
    timeline: FusedTimeline
    world: World


def fused_world() -> Fused:
    fuse = Fuse()
    table, mailer, sms, files = FusedTable(fuse), FusedMailer(fuse), FusedSms(fuse), FusedFiles(fuse)
    timeline = FusedTimeline(fuse)
    world = World(table=table, mailer=mailer, sms=sms, documents=files, timeline=timeline)
    return Fused(fuse, table, mailer, sms, files, timeline, world)


@dataclass(frozen=True)
class Moment:
    """All that outlives a process, at one time."""

    items: Items
    mails: tuple[str, ...]
    texts: tuple[str, ...]
    documents: tuple[tuple[str, bytes], ...]
    running: frozenset[tuple[CaseId, int]]
    tokens: frozenset[str]
    answers: tuple[tuple[str, NextStep], ...]


def moment_of(fused: Fused) -> Moment:
    return Moment(
        fused.table.copy(),
        tuple(mail.reference for mail in fused.mailer.sent),
        tuple(text[2] for text in fused.sms.sent),
        tuple(sorted(fused.documents.stored.items())),
        frozenset(fused.timeline.running),
        frozenset(fused.timeline.tokens),
        tuple(sorted(fused.timeline.answers.items())),
    )


def back_to(fused: Fused, moment: Moment) -> None:
    fused.table.items = copied(moment.items)
    del fused.mailer.sent[len(moment.mails) :]
    del fused.sms.sent[len(moment.texts) :]
    fused.documents.stored = dict(moment.documents)
    fused.timeline.running = set(moment.running)
    fused.timeline.tokens = set(moment.tokens)
    fused.timeline.answers = dict(moment.answers)
    fused.fuse.set(None)


Watch = Callable[[str], None]


class WatchedMailer(MemoryMailer):
    """Tells of each message at the moment it is handed over."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self.watch = watch

    def send(
        self, *, to: str, subject: str, text: str, attachments: Sequence[Attachment], reference: str
    ) -> str:
        self.watch(reference)
        return super().send(to=to, subject=subject, text=text, attachments=attachments, reference=reference)


class WatchedSms(MemorySms):
    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self.watch = watch

    def send(self, *, to: str, text: str, reference: str) -> str:
        self.watch(reference)
        return super().send(to=to, text=text, reference=reference)


class WatchedFiles(MemoryFiles):
    """The printer takes what it finds here: a letter is handed over by being written."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self.watch = watch

    def write(self, key: str, data: bytes, content_type: str) -> None:
        self.watch(key.rsplit("/", 1)[-1].removesuffix(".pdf"))
        super().write(key, data, content_type)
