"""Files in memory behave as a bucket does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from sovinto.adapters.s3_files import S3Files
from sovinto.errors import NotFound
from sovinto.ports import Fetched, Files

from tests.support.aws import client, make_bucket
from tests.support.failing import Refusing
from tests.support.outside import MemoryFiles


@pytest.fixture(params=["memory", "s3"])
def files(request: pytest.FixtureRequest) -> Iterator[Files]:
    if request.param == "memory":
        yield MemoryFiles()
        return
    with mock_aws():
        make_bucket("files")
        versions = {"Status": "Enabled"}
        client("s3").put_bucket_versioning(Bucket="files", VersioningConfiguration=versions)
        yield S3Files(client("s3"), "files")


def test_what_was_written_is_read(files: Files) -> None:
    files.write("a/b.pdf", b"one", "application/pdf")
    files.write("a/b.pdf", b"two", "application/pdf")
    assert files.read("a/b.pdf") == b"two"


def test_an_absent_file_is_not_found(files: Files) -> None:
    with pytest.raises(NotFound, match="no file a/b"):
        files.read("a/b")


def test_keys_are_listed_by_prefix_in_order(files: Files) -> None:
    for key in ("inbox/2", "inbox/10", "held/1", "inbox/1"):
        files.write(key, b"", "text/plain")
    assert files.keys("inbox/") == ("inbox/1", "inbox/10", "inbox/2")
    assert files.keys("none/") == ()


def test_a_moved_file_is_in_one_place(files: Files) -> None:
    files.write("inbox/1", b"x", "text/plain")
    files.move(files.fetch("inbox/1"), "held/1")
    assert files.read("held/1") == b"x"
    assert files.keys("") == ("held/1",)


def test_a_file_that_is_gone_cannot_be_fetched(files: Files) -> None:
    with pytest.raises(NotFound):
        files.fetch("inbox/1")


def test_a_file_that_took_the_name_meanwhile_stays(files: Files) -> None:
    files.write("inbox/1", b"first", "text/plain")
    fetched = files.fetch("inbox/1")
    files.write("inbox/1", b"second", "text/plain")
    files.move(fetched, "processed/1")
    assert (files.read("processed/1"), files.read("inbox/1")) == (b"first", b"second")


def test_a_file_that_a_twin_has_moved_is_kept_once_more(files: Files) -> None:
    files.write("inbox/1", b"x", "text/plain")
    fetched = files.fetch("inbox/1")
    files.move(fetched, "processed/1")
    files.move(fetched, "processed/1")
    assert files.keys("") == ("processed/1",)


def test_an_open_file_is_read_in_pieces_as_it_was(files: Files) -> None:
    first = bytes(range(256)) * 80_000
    files.write("inbox/1", first, "text/plain")
    opened = files.open("inbox/1")
    assert opened.read(10) == first[:10]
    files.write("inbox/1", b"second", "text/plain")
    rest = b""
    while piece := opened.read(3_000_000):
        rest += piece
    assert first[10:] == rest
    assert files.open("inbox/1", opened.version).read() == first
    assert files.open("inbox/1").read() == b"second"


def test_what_is_not_there_cannot_be_opened(files: Files) -> None:
    with pytest.raises(NotFound):
        files.open("inbox/1")


def test_an_empty_file_has_no_bytes(files: Files) -> None:
    files.write("inbox/1", b"", "text/plain")
    assert files.open("inbox/1").read(10) == b""


def test_an_opened_file_is_moved_as_it_was(files: Files) -> None:
    files.write("inbox/1", b"first", "text/plain")
    opened = files.open("inbox/1")
    files.write("inbox/1", b"second", "text/plain")
    files.move(opened, "processed/1")
    assert (files.read("processed/1"), files.read("inbox/1")) == (b"first", b"second")


def test_refused_access_is_absence_only_to_those_who_may_not_list() -> None:
    files = S3Files(Refusing("AccessDenied"), "files")
    with pytest.raises(NotFound):
        files.read("inbox/1")
    with pytest.raises(ClientError, match="AccessDenied"):
        files.fetch("inbox/1")


def test_a_delete_that_is_refused_is_told() -> None:
    class NoDelete(Refusing):
        def copy_object(self, **_: object) -> None:
            """Writing is allowed."""

    with pytest.raises(ClientError, match="AccessDenied"):
        S3Files(NoDelete("AccessDenied"), "files").move(Fetched("inbox/1", b"x", "v"), "held/1")


def test_links_name_the_key(files: Files) -> None:
    assert "inbox/1" in files.upload_link("inbox/1", size=3, content_type="text/csv", seconds=60)
    assert "held/1" in files.download_link("held/1", file_name="lasku ä.pdf", seconds=60)
