"""The one table from errors to HTTP."""

from __future__ import annotations

import json

import pytest
from sovinto import errors
from sovinto.entry.http import as_event_answer, crashed, page, problem, redirect, status_of


def every_error() -> list[type[errors.SovintoError]]:
    found, queue = [], [errors.SovintoError]
    while queue:
        kind = queue.pop()
        found.append(kind)
        queue += kind.__subclasses__()
    return found


@pytest.mark.parametrize("kind", every_error(), ids=lambda kind: kind.__name__)
def test_every_error_has_a_code_of_its_own_and_a_status(kind: type[errors.SovintoError]) -> None:
    assert [other.code for other in every_error()].count(kind.code) == 1
    assert (status_of(kind("x")) == 500) is (kind is errors.SovintoError)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (errors.InvalidInput, 422),
        (errors.FormatRefused, 422),
        (errors.NotFound, 404),
        (errors.NotAllowed, 403),
        (errors.TooManyAttempts, 429),
        (errors.DuplicateCase, 409),
        (errors.LawMissing, 409),
        (errors.UpstreamUnavailable, 503),
        (errors.UpstreamRefused, 502),
    ],
)
def test_statuses(kind: type[errors.SovintoError], status: int) -> None:
    assert status_of(kind("x")) == status


def test_a_problem_is_rfc_9457() -> None:
    answer = problem(errors.InvalidInput("size must be 1 or more; split the file", field="size"))
    assert answer.content_type == "application/problem+json"
    assert json.loads(str(answer.body)) == {
        "type": "urn:sovinto:problem:invalid_input",
        "title": "Unprocessable Entity",
        "status": 422,
        "detail": "size must be 1 or more; split the file",
        "code": "invalid_input",
        "errors": [{"pointer": "/size", "detail": "size must be 1 or more; split the file"}],
    }
    assert "errors" not in json.loads(str(problem(errors.NotFound("no")).body))


def test_a_crash_tells_nothing() -> None:
    answer = as_event_answer(crashed())
    assert answer["statusCode"] == 500
    assert json.loads(answer["body"])["code"] == "internal"


def test_a_page_sends_forms_to_us_and_to_one_other_place() -> None:
    alone = page(200, "<p>").headers["Content-Security-Policy"]
    both = page(200, "<p>", form_to="https://pay.example").headers["Content-Security-Policy"]
    assert "form-action 'self';" in str(alone)
    assert "form-action 'self' https://pay.example;" in str(both)


def test_a_redirect_is_never_kept() -> None:
    answer = redirect("/there", cookies=["a=b"])
    assert (answer.status_code, answer.headers["Location"]) == (303, "/there")
    assert answer.headers["Cache-Control"] == "no-store"
