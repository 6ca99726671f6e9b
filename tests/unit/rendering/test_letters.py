from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import pytest
from sovinto.domain.debtor import Address
from sovinto.domain.letter import Returned
from sovinto.errors import InvalidInput
from sovinto.rendering.letter_facts import letter_facts
from sovinto.rendering.letters import render_letter

from tests.unit.rendering.facts import AGENCY, CREDITOR, LINES, eur, letter
from tests.unit.rendering.reading import pdf, pdf_text

TEMPLATES = ("reminder", "notice", "demand", "second_demand", "plan_offer", "plan_confirmation")
A4_POINTS = (595, 842)
# A letter is asked about by several tests; the same one always gives the same bytes.
rendered = cache(render_letter)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_letter_is_two_tagged_a4_pages(template: str, language: str) -> None:
    document = pdf(rendered(letter(template, language)))
    assert len(document.pages) == 2
    box = document.pages[0].mediabox
    assert (round(box.width), round(box.height)) == A4_POINTS
    assert "'/Marked': True" in str(document.root_object["/MarkInfo"])
    assert str(document.root_object["/Lang"]) == language
    assert document.metadata is not None and document.metadata.title


@pytest.mark.parametrize(
    ("language", "object_by", "pause"),
    [
        ("fi", "Ilmoita viimeistään 14.10.2025", "4 c §"),
        ("sv", "Meddela senast 14.10.2025", "4 c §"),
        ("en", "Tell us by 14 Oct 2025", "section 4 c"),
    ],
)
def test_a_consumer_demand_says_what_the_law_asks(language: str, object_by: str, pause: str) -> None:
    """FI 513/1999 5 a §: both companies, ground, itemised sum, how and when to pay, how to object."""
    text = pdf_text(rendered(letter("demand", language)))
    for company in (AGENCY, CREDITOR):
        assert company.name in text
        assert company.address.street in text
    for fact in ("Hammashoito 1.3.2025", "FI79 4405 2020 0360 82", "86851 62596 19897", "K7QM 4XTP"):
        assert fact in text
    for amount in ("100,00", "3,08", "2,39", "5,00", "14,00", "−20,00", "104,47"):
        assert amount.replace(",", "." if language == "en" else ",") in text.replace("−€", "−")
    assert "Korkolaki 633/1982 4 §" in text
    assert "513/1999, 10 a §" in text
    assert object_by in text
    assert pause in text
    assert AGENCY.email in text and AGENCY.phone in text


def test_a_business_letter_leaves_out_what_is_for_consumers() -> None:
    text = pdf_text(render_letter(replace(letter("demand", "fi"), is_consumer=False)))
    assert "4 c §" not in text
    assert "talous- ja velkaneuvonnasta" not in text
    assert "Voit kiistää saatavan" in text


def test_an_agency_of_another_country_cites_no_finnish_law() -> None:
    abroad = replace(AGENCY, address=replace(AGENCY.address, country="SE"))
    rights = letter_facts(replace(letter("demand", "sv"), agency=abroad))["rights"]
    assert isinstance(rights, list)
    assert not any("513/1999" in text for text in rights)


@pytest.mark.parametrize(
    ("language", "cost", "nothing", "object_by"),
    [
        ("fi", "näin paljon: 40,00 €.", "näin paljon: ei mitään.", "oikeus kiistää"),
        ("sv", "till din skuld: 40,00 €.", "till din skuld: ingenting.", "rätt att bestrida"),
        ("en", "to your debt: €40.00.", "to your debt: nothing.", "right to object"),
    ],
)
def test_a_notice_says_what_comes_next_and_how_to_object(
    language: str, cost: str, nothing: str, object_by: str
) -> None:
    """Also where nothing comes: an announcement that says no sum would leave the worst to be feared."""
    facts = letter_facts(letter("notice", language))
    told = " ".join([*facts["paragraphs"], *facts["actions"]]).replace("\u00a0", " ")  # type: ignore[misc]
    assert cost in told
    assert object_by in told
    free = letter_facts(replace(letter("notice", language), announced=eur("0.00")))["paragraphs"]
    assert nothing in " ".join(free)  # type: ignore[arg-type]


def test_a_second_demand_says_that_it_is_the_last_letter() -> None:
    text = " ".join(pdf_text(rendered(letter("second_demand", "en"))).split())
    assert "our last letter before we evaluate the case" in text
    assert "Tell us by 14 Oct 2025" in text


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize(("is_asked", "pages"), [(True, 2), (False, 1)])
def test_a_payment_that_went_back_is_told_and_asked_for_only_where_it_may_be(
    language: str, is_asked: bool, pages: int
) -> None:
    returned = Returned(eur("55.00"), date(2025, 9, 29))
    told = replace(letter("payment_reversed", language), returned=returned, is_asked=is_asked)
    document = pdf(render_letter(told))
    assert len(document.pages) == pages
    text = pdf_text(render_letter(told)).replace(",", ".")
    assert "55.00" in text
    for asked in ("104.47", "FI79 4405 2020 0360 82"):
        assert (asked in text) is is_asked, asked
    assert told.agency.phone in text


def test_no_letter_threatens() -> None:
    for language, words in {
        "fi": ("ulosot", "haast"),
        "sv": ("utmätning", "stämn"),
        "en": ("bailiff", "sue"),
    }.items():
        for template in TEMPLATES:
            text = pdf_text(rendered(letter(template, language))).lower()
            assert not any(f" {word}" in text for word in words)


@pytest.mark.parametrize(
    "name",
    [
        '#panic("x") *bold* _it_ $x$ <label> @ref',
        '#read("/etc/hostname")',
        '"}] ); #let x = 1',
        "O'Brien \\ & <b>Söner</b> AB",
        "Żółć Đặng Ångström",
        "Іван Γιώργος ნინო",
        "{creditor} %s {0}",
    ],
)
def test_a_hostile_name_is_only_a_name(name: str) -> None:
    text = pdf_text(rendered(letter("demand", "fi", name)))
    assert "".join(name.split()) in "".join(text.split())


@pytest.mark.parametrize(
    "name", ["王小明", "Anna 😀", "A\x00B", "x\u202eevil", "\ue000", "\ud800", "محمد علي"]
)
def test_no_name_can_stop_a_letter(name: str) -> None:
    document = pdf(rendered(letter("demand", "fi", name)))
    assert len(document.pages) == 2
    assert "/MarkInfo" in document.root_object


def test_characters_that_turn_the_reading_around_are_left_out() -> None:
    text = pdf_text(rendered(letter("demand", "fi", "Aino\u202eneniatsuM")))
    assert "AinoneniatsuM" in text


def test_hostile_words_of_the_creditor_are_only_words() -> None:
    named = replace(CREDITOR, name="#eval(1) {total} Oy")
    text = pdf_text(render_letter(replace(letter(), creditor=named, ground="#import {x}")))
    assert "#eval(1) {total} Oy" in text
    assert "#import {x}" in text


def test_the_same_letter_is_the_same_bytes() -> None:
    assert render_letter(letter()) == render_letter(letter())


def test_lines_must_add_up_to_the_total() -> None:
    with pytest.raises(
        InvalidInput, match=r"total of letter S-2025-001234 is 104\.48, but its lines add up to 104\.47"
    ):
        render_letter(replace(letter(), total=eur("104.48")))


def test_unknown_templates_and_languages_are_refused() -> None:
    with pytest.raises(InvalidInput, match="template 'threat' is no letter"):
        render_letter(replace(letter(), template="threat"))
    with pytest.raises(
        InvalidInput, match="language 'de' is not among those of template demand: fi, sv, en"
    ):
        render_letter(replace(letter(), language="de"))


def test_a_long_debt_runs_over_pages_and_keeps_its_total() -> None:
    free = replace(LINES[0], amount=eur("0.00"))
    long = replace(letter(), lines=(*LINES, *([free] * 60)))
    document = pdf(render_letter(long))
    assert len(document.pages) > 2
    assert "Tilisiirto" in document.pages[0].extract_text()
    assert "104,47" in pdf_text(render_letter(long))


def test_the_address_stands_in_the_window() -> None:
    """DIN 5008 form B: 20 mm from the left, between 45 and 90 mm from the top."""
    page = pdf(rendered(letter())).pages[0]
    places: dict[str, tuple[float, float]] = {}

    def note(text: str, place: list[float], *_rest: object) -> None:
        if text.strip():
            places.setdefault(text.strip(), (place[4], place[5]))

    page.extract_text(visitor_text=note)
    millimetre = 72 / 25.4
    x, y = next(place for text, place in places.items() if text.startswith("Aino"))
    assert 20 <= round(x / millimetre) <= 22
    assert 45 <= 297 - y / millimetre <= 90


def test_the_country_is_written_only_across_a_border() -> None:
    abroad = replace(letter(), debtor_address=Address("Storgatan 1", "111 22", "Stockholm", "SE"))
    assert letter_facts(abroad)["recipient"] == [
        "Aino Äyräpää",
        "Storgatan 1",
        "111 22 Stockholm",
        "RUOTSI",
    ]
    assert letter_facts(replace(letter(), debtor_address=None))["recipient"] == ["Aino Äyräpää"]


def test_a_confirmed_plan_asks_for_its_first_instalment() -> None:
    text = pdf_text(rendered(letter("plan_confirmation", "fi")))
    assert "Ensimmäinen erä on 34,83 €, eräpäivä 15.10.2025" in text
    assert text.count("34,82 €") == 2


def test_offers_name_unequal_instalments() -> None:
    offers = letter_facts(letter("plan_offer", "fi"))["offers"]
    assert isinstance(offers, list)
    assert [row["count"] for row in offers] == ["2 erää", "3 erää"]
    assert offers[0]["amounts"].replace("\u00a0", " ") == "52,24 € kukin, viimeinen 52,23 €"
    assert offers[1]["amounts"].replace("\u00a0", " ") == "34,82 €–34,83 € kukin"


def test_without_barcode_and_qr_the_slip_still_stands() -> None:
    plain = replace(
        letter(), payment=replace(letter().payment, barcode="", epc_qr=""), written_on=date(2025, 9, 30)
    )
    text = pdf_text(render_letter(plain))
    assert "FI79 4405 2020 0360 82" in text
    assert "Virtuaaliviivakoodi" not in text
