"""A provider is asked at its own address, with keys of its stage; what is refused says no key."""

from __future__ import annotations

import json

import pytest
from sovinto.entry.provider_keys import NotSetUp, keys_of
from sovinto.entry.settings import GATEWAYS

STRIPE, PAYTRAIL = GATEWAYS["stripe"], GATEWAYS["paytrail"]
DOUBLE = "http://127.0.0.1:8080"


def secret(**keys: object) -> bytes:
    return json.dumps(keys).encode()


@pytest.mark.parametrize(
    ("stage", "provider", "url", "keys"),
    [
        ("prod", "stripe", STRIPE, {"api_key": "sk_live_1", "webhook_secret": "whsec_1"}),
        ("prod", "stripe", f"{STRIPE}/", {"api_key": "rk_live_1", "webhook_secret": "whsec_1"}),
        ("dev", "stripe", STRIPE, {"api_key": "sk_test_1", "webhook_secret": "whsec_1"}),
        ("local", "stripe", DOUBLE, {"api_key": "sk_test_1", "webhook_secret": "whsec_1"}),
        ("prod", "paytrail", PAYTRAIL, {"account": "4711", "api_key": "own-key"}),
        ("dev", "paytrail", PAYTRAIL, {"account": "375917", "api_key": "SAIPPUAKAUPPIAS"}),
        ("dev", "sandbox", "https://psp.example", {"api_key": "k", "webhook_secret": "s"}),
    ],
)
def test_keys_of_the_stage_are_given(stage: str, provider: str, url: str, keys: dict[str, str]) -> None:
    assert keys_of(stage, provider, url, secret(**keys)) == keys


@pytest.mark.parametrize(
    ("stage", "provider", "url", "keys", "said"),
    [
        ("prod", "stripe", DOUBLE, {"api_key": "sk_live_1", "webhook_secret": "w"}, "must be https://api"),
        ("dev", "paytrail", f"{PAYTRAIL}.evil.example", {"account": "1", "api_key": "k"}, "must be https"),
        ("prod", "stripe", STRIPE, {"api_key": "sk_test_1", "webhook_secret": "w"}, "needs a live key"),
        ("dev", "stripe", STRIPE, {"api_key": "sk_live_1", "webhook_secret": "w"}, "needs a test key"),
        ("local", "stripe", DOUBLE, {"api_key": "rk_live_1", "webhook_secret": "w"}, "needs a test key"),
        ("prod", "stripe", STRIPE, {"api_key": "set-me", "webhook_secret": "w"}, "lacks api_key"),
        ("prod", "stripe", STRIPE, {"api_key": "sk_live_1"}, "lacks webhook_secret"),
        ("prod", "stripe", STRIPE, {"api_key": "sk_live_1", "webhook_secret": ""}, "lacks webhook_secret"),
        ("dev", "paytrail", PAYTRAIL, {"api_key": "k", "webhook_secret": "w"}, "lacks account"),
        ("dev", "paytrail", PAYTRAIL, {"account": 375917, "api_key": "k"}, "lacks account"),
        (
            "prod",
            "paytrail",
            PAYTRAIL,
            {"account": "375917", "api_key": "SAIPPUAKAUPPIAS"},
            "public test merchant",
        ),
    ],
)
def test_others_are_refused_with_the_way_to_mend_it(
    stage: str, provider: str, url: str, keys: dict[str, object], said: str
) -> None:
    with pytest.raises(NotSetUp, match=said) as refused:
        keys_of(stage, provider, url, secret(**keys))
    assert str(keys["api_key"]) not in refused.value.message or keys["api_key"] in ("k", "set-me")


@pytest.mark.parametrize("text", [b"", b"no", b"[]", b'"key"', b"7", b"[" * 100_000])
def test_a_secret_that_is_no_object_is_refused(text: bytes) -> None:
    with pytest.raises(NotSetUp, match="one object in JSON"):
        keys_of("dev", "stripe", STRIPE, text)
