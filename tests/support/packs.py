"""Packs with other rows than the shipped ones, to see what the engine does without or with them."""

from __future__ import annotations

from dataclasses import replace

from sovinto.domain.law.model import Pack
from sovinto.domain.law.rows import Row


def with_rows(pack: Pack, kind: type[Row], *rows: Row) -> Pack:
    """The pack with exactly these rows of one kind."""
    return replace(pack, rules={**pack.rules, kind: rows})
