from __future__ import annotations

from io import BytesIO

import pytest
from sovinto.errors import FormatRefused
from sovinto.formats.statement import read_statement
from sovinto.formats.statement.xml_safety import MOST_HELD_BYTES, BoundedStream

from tests.unit.formats.statement.camt_documents import details, document, entry, statement, transaction

PLAIN = document(statement(entry()))
BILLION = (
    '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;">]>'
)


@pytest.mark.parametrize(
    "prolog",
    [
        BILLION,
        '<!DOCTYPE Document SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE Document [<!ENTITY % p SYSTEM "http://localhost:9/x"> %p;]>',
        "<!DOCTYPE Document>",
    ],
)
def test_refuses_document_types(prolog: str) -> None:
    with pytest.raises(FormatRefused):
        read_statement(document(statement(entry()), prolog=prolog))


def test_refuses_a_document_type_in_any_encoding() -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'

    with pytest.raises(FormatRefused, match="DOCTYPE"):
        read_statement(text.encode("utf-16"))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "camt.053"),
        (b"Where is our money?", "MT940"),
        (b"\x89PNG\r\n\x1a\n", "camt.053"),
        (b"PK\x03\x04", "workbook"),
        (b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"/>', "SOAP"),
        (b"<html><body>503</body></html>", "html"),
        (b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"/>', "pain.001"),
        (PLAIN.replace(b"001.02", b"001.15"), "camt.053"),
        (PLAIN.replace(b"BkToCstmrStmt", b"Elsewhere"), "BkToCstmrStmt"),
        (PLAIN[:-20], "well-formed"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "XML"),
    ],
)
def test_refuses_other_content_in_one_sentence(content: bytes, says: str) -> None:
    with pytest.raises(FormatRefused, match=says):
        read_statement(content)


def test_reads_past_blank_lines_and_byte_order_marks() -> None:
    declared = b'<?xml version="1.0" encoding="UTF-8"?>'
    for content in (
        b"\r\n  " + declared + PLAIN,
        b"\xef\xbb\xbf" + declared + PLAIN,
        PLAIN.decode().encode("utf-16"),
    ):
        assert len(read_statement(content).statements) == 1


def test_reads_a_stream_in_small_bites() -> None:
    class Dribble(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(7)

    assert read_statement(Dribble(PLAIN)) == read_statement(PLAIN)


def test_refuses_more_bytes_than_agreed() -> None:
    stream = BoundedStream(BytesIO(b"x" * 100), most=99)

    with pytest.raises(FormatRefused, match="99 bytes"):
        stream.read()


def test_refuses_depth() -> None:
    deep = "<x>" * 300 + "</x>" * 300

    with pytest.raises(FormatRefused, match="nests"):
        read_statement(document(statement(entry(details=deep))))


@pytest.mark.parametrize("repeated", ["<x/>", "<NtryDtls/>", "<TxDtls/>", "<Ntry><NtryDtls/></Ntry>"])
@pytest.mark.parametrize("place", ["{}", "<NtryDtls>{}</NtryDtls>", "<Elsewhere>{}</Elsewhere>"])
def test_refuses_a_record_without_end(repeated: str, place: str) -> None:
    wide = place.format(repeated * (2 * MOST_HELD_BYTES // len(repeated)))

    with pytest.raises(FormatRefused, match=r"beyond reason|transactions"):
        read_statement(document(statement(entry(details=wide))))


def test_refuses_siblings_without_end() -> None:
    wide = "<Foreign/>" * (2 * MOST_HELD_BYTES // 10)

    with pytest.raises(FormatRefused, match="beyond reason"):
        read_statement(document(statement(wide, closing="100.00")))


def test_what_damages_the_file_after_its_root_is_refused_too() -> None:
    with pytest.raises(FormatRefused, match="well-formed"):
        read_statement(PLAIN.replace(b"</Ntry>", b"</Oops>"))


def test_a_large_honest_batch_is_read() -> None:
    parts = [transaction("0.01") for _ in range(25_000)]
    total = f"{len(parts) / 100:.2f}"
    closing = f"{100 + len(parts) / 100:.2f}"
    batches = [details(*parts)]

    file = read_statement(document(statement(entry(total, details="".join(batches)), closing=closing)))

    assert file.problems == ()
    assert len(file.statements[0].entries[0].transactions) == len(parts)
