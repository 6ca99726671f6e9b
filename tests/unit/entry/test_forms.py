"""Forms and bodies as people and browsers send them."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sovinto.domain.upload import key_of
from sovinto.entry import client_pages, intake, portal
from sovinto.entry.client_forms import read_day
from sovinto.entry.uploads import upload_of_key
from sovinto.entry.workflow import execution_number
from sovinto.errors import InvalidInput
from sovinto.ids import ClientId


@pytest.mark.parametrize(("text", "minor"), [("120,50", 12_050), ("1 200.5", 120_050), (" 7 ", 700)])
def test_sums_as_people_write_them(text: str, minor: int) -> None:
    assert portal.read_amount(text, "EUR").minor == minor


@pytest.mark.parametrize("text", ["", "abc", "1,2,3", "1.234,50", "1e3", "NaN", "12,345"])
def test_what_is_no_sum_names_the_field(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        portal.read_amount(text, "EUR")
    assert refusal.value.field == "amount"


@pytest.mark.parametrize("text", ["", "-1", "1.5", "100", "²"])
def test_a_count_of_instalments_is_a_small_number(text: str) -> None:
    with pytest.raises(InvalidInput):
        portal.read_count(text)
    assert portal.read_count("12") == 12


def test_the_first_value_of_a_field_counts() -> None:
    assert portal.read_form("a=1&a=2&b=%C3%A4") == {"a": "1", "b": "ä"}
    assert portal.read_form(None) == {}
    with pytest.raises(InvalidInput, match="16384"):
        portal.read_form("x" * (portal.MAX_FORM + 1))


@given(st.text(max_size=200))
def test_any_form_is_read_or_refused(body: str) -> None:
    with suppress(InvalidInput):
        assert isinstance(portal.read_form(body), dict)


def test_a_form_of_too_many_fields_is_the_senders_mistake() -> None:
    with pytest.raises(InvalidInput):
        portal.read_form("&".join(f"f{n}=1" for n in range(50)))


@pytest.mark.parametrize(
    ("query", "accepts", "expected"),
    [
        ({"lang": "sv"}, "en", "sv"),
        ({"lang": "xx"}, "en-GB,fi", "en"),
        (None, "de,SV;q=0.8", "sv"),
        (None, "", "fi"),
    ],
)
def test_languages(query: dict[str, str] | None, accepts: str, expected: str) -> None:
    assert portal.language_of(query, accepts, "fi") == expected


def test_a_debtor_whose_language_we_do_not_write_reads_english() -> None:
    assert portal.language_of(None, "", "no") == "en"
    assert portal.language_of(None, "nb, sv;q=0.5", "no") == "sv"


def multipart(*parts: str) -> bytes:
    return ("".join(f"--x\r\n{part}\r\n" for part in parts) + "--x--\r\n").encode()


FILE = 'Content-Disposition: form-data; name="file"; filename="{}"\r\nContent-Type: text/csv\r\n\r\n{}'
TOKEN = 'Content-Disposition: form-data; name="csrf"\r\n\r\nabc'
TYPE = "multipart/form-data; boundary=x"


def test_a_posted_file_comes_with_its_fields() -> None:
    form = client_pages.read_multipart(TYPE, multipart(TOKEN, FILE.format("velat ä.csv", "a;b\r\n1;2")))
    assert (form.fields, form.data) == ({"csrf": "abc"}, b"a;b\r\n1;2")
    assert form.file_name.endswith(".csv")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (TYPE, multipart(TOKEN)),
        (TYPE, b""),
        ("text/plain", b"x"),
        ("multipart/form-data", multipart(TOKEN)),
    ],
)
def test_a_form_without_a_file_is_refused(content_type: str, body: bytes) -> None:
    with pytest.raises(InvalidInput) as refusal:
        client_pages.read_multipart(content_type, body)
    assert refusal.value.field == "file"


@given(st.binary(max_size=300))
def test_any_bytes_as_a_form_are_read_or_refused(body: bytes) -> None:
    with suppress(InvalidInput):
        client_pages.read_multipart(TYPE, body)


def test_uploads_are_found_by_their_key() -> None:
    key = key_of(ClientId("cli_1"), "upl_1", ".csv")
    assert upload_of_key(key) == ("cli_1", "upl_1")
    assert upload_of_key("inbox%2Fcli_1%2Fupl_1.csv") == ("cli_1", "upl_1")
    for other in ("reports/cli_1/upl_1.json", "inbox/cli_1", "inbox/a/b/c"):
        assert upload_of_key(other) is None


def test_the_digest_is_of_the_content_not_the_spelling() -> None:
    assert intake.digest_of('{"a":1,"b":[2]}') == intake.digest_of(' {"b": [2], "a": 1}')
    assert intake.digest_of('{"a":1}') != intake.digest_of('{"a":2}')


def test_the_number_of_an_execution() -> None:
    assert execution_number("case-case_01-12") == 12
    with pytest.raises(ValueError, match="invalid literal"):
        execution_number("case-x")


@pytest.mark.parametrize(
    "text", ["", "31.2.2026", "1.1.99999999999999999999", "1.99999999999999999999.2026"]
)
def test_what_is_no_day_names_the_field(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_day(text, "on")
    assert refusal.value.field == "on"
