"""The local stage is the production template, less what is listed here and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sovinto.errors import InvalidInput

from infra.settings import Stage, settings_for
from tests.infra.conftest import Template
from tests.infra.reading import listed

POLICY = r"^service/\w+RoleDefaultPolicy\w+/Properties/PolicyDocument/Statement"
DIFFERENCES = {
    "kept after a delete": r"^data/\w+/(DeletionPolicy|UpdateReplacePolicy)$",
    "protected from a delete": r"^data/\w+/Properties/(DeletionProtectionEnabled|DeletionProtection)$",
    "how long logs are kept": r"^service/\w+/Properties/RetentionInDays$",
    "the test clock": r"^service/\w+/Properties/Environment/Variables/TEST_CLOCK$",
    "what leaves without two people": r"^service/\w+/Properties/Environment/Variables/AGENCY$",
    "how many batches and steps run at once": r"^service/\w+/Properties/ScalingConfig/MaximumConcurrency$",
    "where the pages and the payment provider are": r"^service/(PageUrl|GatewayUrl)/Default$",
    "calls whose resource the emulator does not look up": POLICY
    + r"/(states:SendTaskSuccess|ses:SendEmail|ses:SendRawEmail)/",
}
EDGE_ONLY = {
    "AWS::SNS::Topic",
    "AWS::SNS::TopicPolicy",
    "AWS::SNS::Subscription",
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::CloudWatch::Dashboard",
}


def test_local_differs_from_prod_only_in_what_is_listed(
    templates: Callable[[str], dict[str, Template]],
) -> None:
    local, prod = templates("local"), templates("prod")

    found = [
        path
        for part in ("data", "service")
        for path in _differences(_plain(local[part]), _plain(prod[part]), part)
    ]

    unlisted = [path for path in found if not any(re.search(p, path) for p in DIFFERENCES.values())]
    never_seen = [name for name, p in DIFFERENCES.items() if not any(re.search(p, path) for path in found)]
    assert unlisted == []
    assert never_seen == []


def test_the_local_cloud_never_sees_the_edge(templates: Callable[[str], dict[str, Template]]) -> None:
    edge = templates("prod")["edge"]

    assert {resource["Type"] for resource in edge["Resources"].values()} == EDGE_ONLY
    assert "edge" not in templates("local")


def test_dev_may_be_deleted_and_has_a_test_clock() -> None:
    dev = settings_for("fi", "dev", {"gateway_url": "https://psp.example"})

    assert dev.test_clock
    assert not dev.keep_data
    assert dev.enforce_ssl


def test_prod_refuses_a_test_clock() -> None:
    with pytest.raises(InvalidInput, match="test_clock must be false in prod"):
        settings_for("fi", "prod", {"test_clock": True, "gateway_url": "https://psp.example"})


@pytest.mark.parametrize("text", ["true", "True", "1", "yes"])
def test_prod_refuses_a_test_clock_given_as_text(text: str) -> None:
    with pytest.raises(InvalidInput, match="test_clock"):
        settings_for("fi", "prod", {"test_clock": text, "gateway_url": "https://psp.example"})


@pytest.mark.parametrize("stage", [Stage.DEV, Stage.PROD])
def test_aws_stages_need_a_payment_provider(stage: Stage) -> None:
    with pytest.raises(InvalidInput, match="gateway_url is missing"):
        settings_for("fi", stage)


@pytest.mark.parametrize("stage", [Stage.DEV, Stage.PROD])
@pytest.mark.parametrize("provider", ["stripe", "paytrail"])
def test_aws_stages_ask_a_provider_at_its_own_address_only(stage: Stage, provider: str) -> None:
    own = settings_for("fi", stage, {"gateway_provider": provider}).gateway_url
    assert own.startswith("https://")
    for other in ("https://api.stripe.com.evil.example", "http://localhost:8080", f"{own}@evil.example"):
        with pytest.raises(InvalidInput, match="gateway_url must be https://"):
            settings_for("fi", stage, {"gateway_provider": provider, "gateway_url": other})


def test_a_local_stage_may_ask_a_double() -> None:
    wish = {"gateway_provider": "stripe", "gateway_url": "http://127.0.0.1:9"}
    assert settings_for("fi", "local", wish).gateway_url == "http://127.0.0.1:9"


@pytest.mark.parametrize(("country", "stage"), [("xx", "prod"), ("fi", "production")])
def test_unknown_country_or_stage_is_refused(country: str, stage: str) -> None:
    with pytest.raises(InvalidInput, match="must be one of"):
        settings_for(country, stage)


def _plain(template: Template) -> Any:
    """Stage names made equal, policies as one line per right, demands for TLS taken out."""
    text = json.dumps(template)
    text = re.sub(r"(Sovinto-fi-|sovinto-fi-|Sovintofi)(prod|local)", r"\1STAGE", text)
    # Names that CDK derives from the stack's name end in a hash of it.
    text = re.sub(r"(SovintofiSTAGE\w+?)[0-9A-F]{8}(?:[0-9A-F]{8})?\b", r"\1", text)
    text = re.sub(r'"STAGE": "(prod|local)"', '"STAGE": "STAGE"', text)
    plain = json.loads(text)
    for name, resource in list(plain["Resources"].items()):
        document = resource.get("Properties", {}).get("PolicyDocument")
        if document is None:
            continue
        document["Statement"] = dict.fromkeys(_rights(document["Statement"]), True)
        if not document["Statement"]:
            del plain["Resources"][name]
    return {**plain["Resources"], **plain["Parameters"], **_named(plain.get("Outputs", {}))}


def _rights(statements: list[dict[str, Any]]) -> Iterator[str]:
    """One line per action and resource, because CDK merges statements whose resources are equal."""
    for statement in statements:
        if _demands_tls(statement):
            continue
        rest = {k: v for k, v in statement.items() if k not in ("Action", "Resource", "Sid")}
        for action in listed(statement["Action"]):
            for resource in listed(statement.get("Resource")):
                yield f"{action}/{json.dumps([resource, rest], sort_keys=True)}"


def _named(outputs: dict[str, Any]) -> dict[str, Any]:
    """Without the exports that CDK adds for another stack: the edge reads some of the service's."""
    return {name: output for name, output in outputs.items() if not name.startswith("ExportsOutput")}


def _demands_tls(statement: dict[str, Any]) -> bool:
    condition = {"Bool": {"aws:SecureTransport": "false"}}
    return bool(statement["Effect"] == "Deny" and statement.get("Condition") == condition)


def _differences(left: Any, right: Any, path: str) -> Iterator[str]:
    if isinstance(left, dict) and isinstance(right, dict):
        for name in sorted({*left, *right}):
            if name not in left or name not in right:
                yield f"{path}/{name}"
            else:
                yield from _differences(left[name], right[name], f"{path}/{name}")
    elif left != right:
        yield path
