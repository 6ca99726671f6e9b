from __future__ import annotations

from typing import Any

import pytest
from sovinto.domain.case import Closure, DisputeKind
from sovinto.domain.hold import HoldReason
from sovinto.errors import InvalidInput
from sovinto.rendering.pages import formula_text, render_page
from sovinto.rendering.templates import manifest, texts

from tests.unit.rendering.facts import plan
from tests.unit.rendering.models import MODELS
from tests.unit.rendering.reading import Elements

PAGES = sorted(
    (name, language)
    for (channel, name), entry in manifest().items()
    if channel == "page"
    for language in entry.languages
)
HOSTILE = "\"><script>alert(1)</script>' onx=1 {{ 7*7 }}"


def page(name: str, language: str = "en", **changes: Any) -> str:
    return render_page(name, language, MODELS[name] | changes)


@pytest.mark.parametrize(("name", "language"), PAGES)
def test_every_page_is_well_formed_and_accessible(name: str, language: str) -> None:
    elements = Elements(page(name, language))
    assert elements.unclosed == []
    assert elements.all("html")[0]["lang"] == language
    assert len(elements.all("h1")) == len(elements.all("main")) == len(elements.all("title")) == 1
    assert elements.all("a")[0]["href"] == "#main"
    identifiers = [attributes["id"] for _, attributes, _ in elements.found if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    for _, attributes, _ in elements.found:
        for reference in ("aria-labelledby", "aria-describedby"):
            assert attributes.get(reference, identifiers[0]) in identifiers
    assert all("alt" in image for image in elements.all("img"))
    assert all(header.get("scope") in ("col", "row") for header in elements.all("th"))


@pytest.mark.parametrize(("name", "language"), PAGES)
def test_every_field_has_a_label(name: str, language: str) -> None:
    elements = Elements(page(name, language))
    labelled = {label.get("for") for label in elements.all("label")}
    shown = [field for field in elements.all("input") if field.get("type") not in ("hidden", "radio")]
    for field in [*shown, *elements.all("textarea")]:
        assert field["id"] in labelled


@pytest.mark.parametrize(("name", "language"), PAGES)
def test_no_page_needs_script_or_inline_style(name: str, language: str) -> None:
    html = page(name, language)
    elements = Elements(html)
    assert not elements.all("script") and not elements.all("style")
    for _, attributes, _ in elements.found:
        assert not any(attribute == "style" or attribute.startswith("on") for attribute in attributes)
    assert {link["href"].split("/")[1] for link in elements.all("link")} == {"assets"}
    assert "http://" not in html.replace("http://www.w3.org", "") and "https://" not in html


@pytest.mark.parametrize("name", sorted(name for name, language in PAGES if language == "fi"))
def test_every_form_carries_the_csrf_token(name: str) -> None:
    """But for those that only ask: what they carry is seen in the address."""
    elements = Elements(page(name, "fi"))
    forms = {inside for tag, a, inside in elements.found if tag == "form" and a["method"] == "post"}
    guarded = {inside for tag, a, inside in elements.found if tag == "input" and a.get("name") == "csrf"}
    assert forms == guarded
    asking = [form["action"] for form in elements.all("form") if form["method"] == "get"]
    assert asking == (["/client/statement"] if name == "client_statement" else [])


def test_the_debt_page_posts_where_the_routes_are() -> None:
    elements = Elements(page("debtor_debt", "sv"))
    actions = [form["action"] for form in elements.all("form")]
    assert actions == [
        "/d/8f3kq9t2m7/pay?lang=sv",
        "/d/8f3kq9t2m7/pay?lang=sv",
        "/d/8f3kq9t2m7/plan?lang=sv",
        "/d/8f3kq9t2m7/dispute?lang=sv",
    ]
    assert "/d/8f3kq9t2m7/letters/com_2" in [link["href"] for link in elements.all("a")]
    kinds = {field["value"] for field in elements.all("input") if field.get("name") == "kind"}
    assert kinds == {kind.value for kind in DisputeKind}
    counts = [field["value"] for field in elements.all("input") if field.get("name") == "instalments"]
    assert counts == ["2", "3", "4"]
    full, _ = [field for field in elements.all("input") if field.get("name") == "amount"]
    assert full["value"] == "104.47"


def test_the_debt_page_answers_why() -> None:
    text = " ".join(" ".join(Elements(page("debtor_debt", "fi")).text).replace("\u00a0", " ").split())
    assert "Miksi 3,08 €?" in text
    assert "Korkolaki 633/1982 4 §" in text
    assert "3,078082" in text
    assert "fi.reference_rate" in text
    assert "jäljellä oleva pääoma × (viitekorko + lisäkorko)" in text
    assert "16.3.2025" in text


def test_a_dispute_closes_the_forms_but_not_the_payment() -> None:
    html = page("debtor_debt", is_disputed=True)
    assert "/dispute" not in html and "/plan?" not in html
    assert "/pay?" in html
    assert "We are looking into it" in html


def test_an_agreed_plan_is_shown_instead_of_offers() -> None:
    html = page("debtor_debt", instalments=plan(3))
    assert "/plan?" not in html
    assert "Your payment plan" in html


FORMS = {
    "dispute": ("outcome", "reason"),
    "hold": ("from_on", "until"),
    "payment": ("amount", "on", "reference"),
    "credit": ("invoice_number", "amount", "on", "reference"),
    "message": ("text",),
}


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize(("form", "field"), [(form, field) for form in FORMS for field in FORMS[form]])
def test_a_refusal_stands_beside_its_field(form: str, field: str, language: str) -> None:
    words = texts("pages", language)["client_case"]["problems"][f"{form}_{field}"]
    problem = {"form": form, "field": field, "words": f"{form}_{field}"}
    html = page("client_case", language, problem=problem, given={field: "typed"})
    elements = Elements(html)
    identifiers = {attributes.get("id") for _, attributes, _ in elements.found}
    described = {attributes.get("aria-describedby") for _, attributes, _ in elements.found}
    assert f"{form}-{field}-problem" in identifiers & described
    assert " ".join(elements.text).count(words) == 2
    if form != "dispute":
        assert "<details open>" in html


def test_a_closed_case_offers_nothing_but_a_message() -> None:
    html = page("client_case", is_open=False, dispute=None, approvals=[], holds=[], next_on=None)
    actions = [form["action"] for form in Elements(html).all("form")]
    assert actions == ["/client/cases/case_5k2m/message?lang=en"]


def test_a_notice_is_told_only_by_its_name() -> None:
    assert 'role="status"' in page("client_case", notice="held")
    assert "anything" not in page("client_case", notice="anything")
    for name in ("items", "get", "__class__"):
        assert 'role="status"' not in page("client_case", notice=name), "no attribute of the words is told"


def test_a_problem_is_told_only_by_its_name() -> None:
    problem = {"form": "hold", "field": "", "words": "items"}
    assert "built-in method" not in page("client_case", problem=problem)


def test_what_was_typed_survives_a_problem() -> None:
    html = page(
        "debtor_debt", problem="amount must be above zero", given={"amount": "-5", "text": "maksoin jo"}
    )
    assert 'role="alert"' in html
    assert "amount must be above zero" in html
    assert 'value="-5"' in html and "maksoin jo</textarea>" in html


def hostile(value: Any) -> Any:
    """The same model with every string made hostile; link parts and keys stay."""
    match value:
        case str():
            return HOSTILE
        case dict():
            return {key: hostile(item) for key, item in value.items()}
        case list():
            return [hostile(item) for item in value]
        case _:
            return value


@pytest.mark.parametrize(
    "name",
    ["debtor_debt", "client_home", "client_case", "client_upload_report", "problem", "client_sign_in"],
)
def test_hostile_text_is_escaped_everywhere(name: str) -> None:
    model = {key: hostile(value) for key, value in MODELS[name].items()}
    if "state" in model:
        model["state"] = "done"
    elements = Elements(render_page(name, "en", model))
    assert not elements.all("script")
    assert not any("onx" in attributes for _, attributes, _ in elements.found)


@pytest.mark.parametrize("reason", [closure.value for closure in Closure])
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_closure_has_its_words(reason: str, language: str) -> None:
    assert page("debtor_closed", language, reason=reason)


@pytest.mark.parametrize("reason", [reason.value for reason in HoldReason])
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_reason_to_stand_still_has_its_words(reason: str, language: str) -> None:
    html = page("debtor_debt", language, held=reason)
    assert "/pay?" in html and "/dispute" in html


@pytest.mark.parametrize("state", ["received", "processing", "cancelled"])
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_outcome_of_a_payment_has_its_words(state: str, language: str) -> None:
    assert page("debtor_paid", language, state=state, balance=None)


def test_the_code_page_tells_what_is_wrong() -> None:
    assert "The code does not match" in page("debtor_code", problem="wrong_code")
    locked = page("debtor_code", problem="too_many_attempts")
    assert "tried too many times" in locked and 'name="code"' not in locked


def test_an_unknown_error_code_has_words_too() -> None:
    assert "The fault is ours" in page("problem", code="never_heard_of")


def test_a_model_that_does_not_fit_is_refused() -> None:
    with pytest.raises(InvalidInput, match="template debtor_closed lacks reason"):
        render_page(
            "debtor_closed", "fi", {k: v for k, v in MODELS["debtor_closed"].items() if k != "reason"}
        )
    with pytest.raises(InvalidInput, match="does not know secret"):
        page("debtor_closed", secret=1)
    with pytest.raises(
        InvalidInput, match="language 'de' is not among those of template client_home: fi, sv, en"
    ):
        page("client_home", "de")


@pytest.mark.parametrize("name", ["debtor_debt", "debtor_plan", "debtor_dispute", "debtor_paid"])
def test_the_language_switch_of_an_answered_form_leads_to_a_page_one_can_get(name: str) -> None:
    links = Elements(page(name, path="/d/8f3kq9t2m7/dispute")).all("a")
    assert {"/d/8f3kq9t2m7/debt?lang=fi", "/d/8f3kq9t2m7/debt?lang=sv"} <= {link["href"] for link in links}


@pytest.mark.parametrize("problem", ["amount", "instalments", "kind", "text", "refused"])
def test_a_problem_is_told_in_the_language_of_the_page(problem: str) -> None:
    told = {
        page("debtor_debt", language, problem=problem).split('role="alert"')[1][:300]
        for language in ("fi", "sv", "en")
    }
    assert len(told) == 3
    assert not any(f"<p>{problem}</p>" in text for text in told)


def test_an_english_refusal_stays_out_of_finnish_pages() -> None:
    sentence = "there is no such letter"
    assert sentence in page("problem", "en", message=sentence)
    assert sentence not in page("problem", "fi", message=sentence)


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        ("amount of the band", "the amount for a claim of this size"),
        ("factor x scale + expenses + VAT", "factor × official scale, with expenses, with value added tax"),
        (
            "amount of the band - what it includes",
            "the amount for a claim of this size, less what was charged for it before",
        ),
        (
            "base x (reference + margin) / 100 x days / 360",
            "principal left × (reference rate + margin) / 100 × days / 360",
        ),
        ("something new + VAT", "something new, with value added tax"),
        ("something new / 2", "something new / 2"),
    ],
)
def test_formulas_are_told_in_words(formula: str, shown: str) -> None:
    words = texts("pages", "en")["common"]["formulas"]
    assert formula_text(formula, words) == shown
