"""What a stage's payment provider is asked with: its own address, and keys that fit the stage."""

from __future__ import annotations

import json
from typing import Final

from sovinto.entry.settings import GATEWAYS
from sovinto.errors import InvalidInput, UpstreamUnavailable

LOCAL: Final = "local"
PROD: Final = "prod"
NEEDED: Final = {
    "sandbox": ("api_key", "webhook_secret"),
    "stripe": ("api_key", "webhook_secret"),
    "paytrail": ("account", "api_key"),
}
NOT_YET: Final = ("", "set-me")
LIVE: Final = ("sk_live_", "rk_live_")
PUBLIC: Final = ("SAIPPUAKAUPPIAS", "MONISAIPPUAKAUPPIAS")
"""The keys of Paytrail's test merchants, as its documents print them: anybody can sign with them."""


class NotSetUp(UpstreamUnavailable):
    """The stage cannot take payments until an operator mends its setting or its secret."""

    code = "provider_not_set_up"


def checked_address(stage: str, provider: str, url: str) -> None:
    """Only a local stage may point a provider elsewhere: to a double. Raises InvalidInput."""
    own = GATEWAYS[provider]
    if stage != LOCAL and own and url.rstrip("/") != own:
        raise InvalidInput(
            f"gateway_url must be {own} for {provider} on stage {stage}, not {url!r}; leave it out",
            field="gateway_url",
        )


def keys_of(stage: str, provider: str, url: str, secret: bytes) -> dict[str, str]:
    """The provider's keys from the secret. Raises NotSetUp; no value is ever in its sentence."""
    try:
        checked_address(stage, provider, url)
    except InvalidInput as wrong:
        raise NotSetUp(wrong.message) from wrong
    keys = _read(secret)
    missing = [name for name in NEEDED[provider] if keys.get(name, "") in NOT_YET]
    if missing:
        raise NotSetUp(f"the secret of the payment provider lacks {', '.join(missing)}; put it there")
    if why := _unfit(stage, provider, keys["api_key"]):
        raise NotSetUp(why)
    return keys


def _read(secret: bytes) -> dict[str, str]:
    try:
        found = json.loads(secret)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise NotSetUp("the secret of the payment provider is not one object in JSON; put it there anew")
    return {str(name): value for name, value in found.items() if isinstance(value, str)}


def _unfit(stage: str, provider: str, key: str) -> str:
    """Why the key is not one for this stage; empty where it is. Play money must not pay real debts."""
    if provider == "stripe" and key.startswith(LIVE) is not (stage == PROD):
        kind = "live" if stage == PROD else "test"
        return f"stage {stage} needs a {kind} key of Stripe in its secret; put that there"
    if provider == "paytrail" and stage == PROD and key in PUBLIC:
        return "the secret holds the key of Paytrail's public test merchant; put your own there"
    return ""
