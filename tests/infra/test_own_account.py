"""An agency's own account: never the one of other people's money, and moved to by a rhythm that we know."""

from __future__ import annotations

from pathlib import Path

import pytest
from sovinto.bootstrap import read_agency
from sovinto.errors import InvalidInput

from infra import settings

OWN = 'own_iban = "FI1410093000123458"\nown_bic = "NDEAFIHH"\nown_rhythm = "daily"\n'


def agency(tmp_path: Path, patch: pytest.MonkeyPatch, more: str) -> settings.StageSettings:
    text = (settings.AGENCIES / "fi.toml").read_text("utf-8")
    (tmp_path / "fi.toml").write_text(more + text, "utf-8")
    patch.setattr(settings, "AGENCIES", tmp_path)
    return settings.settings_for("fi", "local")


def test_it_comes_from_the_agencys_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = read_agency(agency(tmp_path, monkeypatch, OWN).agency)
    assert (read.own_iban, read.own_bic, read.own_rhythm) == ("FI1410093000123458", "NDEAFIHH", "daily")


def test_without_one_nothing_is_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = read_agency(agency(tmp_path, monkeypatch, "").agency)
    assert (read.own_iban, read.own_rhythm) == ("", "monthly")


@pytest.mark.parametrize("more", ['own_iban = "FI2112345600000785"\n', 'own_rhythm = "weekly"\n'])
def test_a_wrong_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: str) -> None:
    with pytest.raises(InvalidInput, match="wrong own_iban or own_rhythm"):
        agency(tmp_path, monkeypatch, more)
