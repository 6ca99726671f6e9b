"""Production collects by signed law only, whichever way its templates are made."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from sovinto.countries import load_pack
from sovinto.countries.signing import unsigned, unsigned_in
from sovinto.errors import InvalidInput, LawMissing

from infra.app import main, new_app, synthesise
from infra.law import refuse_unsigned, unsigned_today, warning
from infra.layers import LayerFolders
from infra.node import node_environment
from infra.paths import ROOT
from infra.settings import settings_for
from tests.infra.conftest import AWS
from tests.infra.signed_law import SIGNED_ON, nothing_unsigned, signed_copy

REFUSAL = re.compile(
    r"prod refuses the law of FI: \d+ rules are not signed off; .*signed_off_by.*signed_off_on"
)


def _held_back() -> list[str]:
    """The ids as the packs ship, found without the function under test."""
    citations = [row.citation for row in load_pack("FI").rows]
    return sorted(c.rule_id for c in citations if not c.signed_off_by)


def test_the_module_refuses_prod_and_names_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fi", "prod"]) == 1

    first, *named = capsys.readouterr().err.splitlines()
    assert REFUSAL.search(first)
    assert named == list(unsigned_today("fi"))
    assert len(named) > 50


def test_the_cdk_way_refuses_prod(tmp_path: Path) -> None:
    """The CDK command line starts the app without arguments and hands the context over like this."""
    context = {"stage": "prod", "country": "fi", **AWS}
    environment = {
        **node_environment(),
        "CDK_CONTEXT_JSON": json.dumps(context),
        "CDK_OUTDIR": str(tmp_path),
    }

    ended = subprocess.run(
        [sys.executable, "-m", "infra.app"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert REFUSAL.search(ended.stderr)
    assert "\nfi.fee_cap.consumer\n" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_no_caller_gets_templates_of_prod_on_the_law_as_shipped(
    stub_functions: Path, stub_layers: LayerFolders, tmp_path: Path
) -> None:
    settings = settings_for("fi", "prod", AWS)

    with pytest.raises(InvalidInput, match=r"\nfi\.fee_cap\.consumer\n"):
        synthesise(settings, stub_layers, app=new_app(str(tmp_path)), functions=stub_functions)

    assert not list(tmp_path.glob("*.template.json"))


def test_prod_is_made_when_every_row_is_signed(
    stub_functions: Path, stub_layers: LayerFolders, tmp_path: Path
) -> None:
    synthesise(
        settings_for("fi", "prod", AWS),
        stub_layers,
        app=new_app(str(tmp_path)),
        functions=stub_functions,
        checks=False,
        unsigned=nothing_unsigned,
    )

    assert (tmp_path / "Sovinto-fi-prod-service.template.json").is_file()


def test_one_unsigned_row_is_enough_to_refuse_prod(
    stub_functions: Path, stub_layers: LayerFolders, tmp_path: Path
) -> None:
    pack = signed_copy(load_pack("FI"), except_for=frozenset({"fi.margin.consumer"}))
    settings = settings_for("fi", "prod", AWS)

    with pytest.raises(InvalidInput, match=r"1 rule is not signed off.*:\nfi\.margin\.consumer$"):
        synthesise(
            settings,
            stub_layers,
            app=new_app(str(tmp_path)),
            functions=stub_functions,
            unsigned=lambda _country: unsigned_in(pack, SIGNED_ON),
        )


def test_other_stages_are_told_how_many_rules_are_unsigned(capsys: pytest.CaptureFixture[str]) -> None:
    # Refused for its payment provider, which is asked for after the law.
    assert main(["FI", "dev"]) == 1

    told, refused = capsys.readouterr().err.splitlines()
    assert told == f"infra.app: {warning('fi', unsigned_today('fi'))}"
    assert f"{len(unsigned_today('fi'))} rules are not signed off; prod would be refused" in told
    assert "gateway_url is missing" in refused


def test_signed_law_is_not_refused() -> None:
    assert nothing_unsigned("fi") == ()
    refuse_unsigned("fi", ())


def test_every_rule_needs_a_signature() -> None:
    on = date(2026, 11, 1)

    assert list(unsigned("FI", on)) == _held_back()


def test_a_rule_that_has_ended_needs_one_too() -> None:
    """Interest on older debts is calculated with it."""
    last = date(2026, 12, 31)

    assert "fi.reference_rate.2026h2" in unsigned("FI", last)
    assert "fi.reference_rate.2026h2" in unsigned("FI", last + timedelta(days=1))


def test_rules_that_begin_later_need_a_signature_already() -> None:
    assert "fi.reference_rate.2026h2" in unsigned("FI", date(2026, 6, 30))


def test_a_signature_counts_from_its_own_day_on() -> None:
    pack = signed_copy(load_pack("FI"))

    assert unsigned_in(pack, SIGNED_ON) == ()
    assert len(unsigned_in(pack, SIGNED_ON - timedelta(days=1))) > 50


def test_rules_of_a_shared_baseline_need_a_signature_too() -> None:
    assert any(rule_id.startswith("eu.") for rule_id in unsigned("AT", date(2026, 11, 1)))


def test_a_country_without_a_pack_has_no_law_to_sign() -> None:
    with pytest.raises(LawMissing, match="no country pack for 'XX'"):
        unsigned_today("xx")
