"""`sovinto reference make|check`: payment references with their check digits, by country."""

from __future__ import annotations

import argparse
import json
from typing import Any

from sovinto.cli import asked
from sovinto.domain.debtor import DebtorType
from sovinto.domain.law.model import Pack
from sovinto.domain.law.references import reference_schemes
from sovinto.domain.law.rows import ReferenceSchemeRow
from sovinto.errors import InvalidInput
from sovinto.formats import payment_reference
from sovinto.formats.payment_reference import Reference

AUTO, NATIONAL, RF = "auto", "national", "rf"


def add_to(commands: Any) -> None:
    reference = commands.add_parser("reference", help="make or check a payment reference")
    actions = reference.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, run, about in (
        ("make", run_make, "the reference for a base number"),
        ("check", run_check, "whether a reference is right; 1 when it is not"),
    ):
        action = actions.add_parser(name, help=about)
        action.add_argument("value", metavar="VALUE", help="the base, or the whole reference")
        action.add_argument("--country", help="whose schemes, ISO 3166, such as FI")
        action.add_argument(
            "--scheme", default=AUTO, help="auto, rf, national or the name of a scheme (default auto)"
        )
        action.add_argument("--json", action="store_true", help="for machines")
        action.set_defaults(run=run)


def run_make(options: argparse.Namespace) -> int:
    """Raises InvalidInput for a base that does not fit the scheme."""
    pack = asked.pack_asked(options.country)
    scheme = _scheme_to_make(options.scheme, pack)
    text = payment_reference.make(options.value, scheme)
    made = payment_reference.check(text, scheme)
    printed = text if made is None else made.printed
    answer = {
        "country": pack.country,
        "scheme": scheme,
        "base": options.value,
        "reference": text,
        "printed": printed,
    }
    print(json.dumps(answer, ensure_ascii=False, indent=2) if options.json else printed)
    return 0


def run_check(options: argparse.Namespace) -> int:
    """1 where no scheme fits, which people read as a refusal: raises InvalidInput for them."""
    pack = asked.pack_asked(options.country)
    tried = _schemes_to_check(options.scheme, options.value, pack)
    found = next(filter(None, (payment_reference.check(options.value, name) for name in tried)), None)
    if options.json:
        print(json.dumps(_answer(pack, options.value, found), ensure_ascii=False, indent=2))
    elif found is not None:
        print(f"{found.printed} is a valid {found.scheme} reference")
    else:
        raise InvalidInput(
            f"VALUE {options.value!r} does not have the shape and check digits of {' or '.join(tried)}; "
            "compare it digit by digit with the letter.",
            field="value",
        )
    return 0 if found is not None else 1


def _answer(pack: Pack, value: str, found: Reference | None) -> dict[str, Any]:
    """What was given stands as the reference where nothing fitted."""
    return {
        "country": pack.country,
        "scheme": None if found is None else found.scheme,
        "reference": value if found is None else found.text,
        "valid": found is not None,
        "canonical": None if found is None else found.canonical,
        "printed": None if found is None else found.printed,
    }


def _row(pack: Pack) -> ReferenceSchemeRow:
    today = asked.day_or_today(None, "--on", pack)
    return reference_schemes(pack, debtor_type=DebtorType.BUSINESS, on=today)


def _scheme_to_make(wanted: str, pack: Pack) -> str:
    if wanted == AUTO:
        return _row(pack).preferred.value
    if wanted == NATIONAL:
        return _national(pack)
    return _named(wanted)


def _schemes_to_check(wanted: str, value: str, pack: Pack) -> tuple[str, ...]:
    """In the order they are tried. A country's other schemes stand in for its national one, RF for none."""
    if wanted == AUTO and value.strip().upper().startswith("RF"):
        return (RF,)
    if wanted == AUTO:
        national = _row(pack).national
        first = () if national is None else (national.value,)
    elif wanted == NATIONAL:
        first = (_national(pack),)
    else:
        return (_named(wanted),)
    return tuple(dict.fromkeys((*first, *payment_reference.schemes_of(pack.country)))) or (RF,)


def _national(pack: Pack) -> str:
    national = _row(pack).national
    if national is None:
        raise InvalidInput(
            f"--scheme national does not exist for {pack.country}: it has no reference scheme of its own; "
            f"use {RF} or {AUTO}.",
            field="scheme",
        )
    return national.value


def _named(wanted: str) -> str:
    if wanted not in payment_reference.schemes():
        known = ", ".join((AUTO, NATIONAL, *payment_reference.schemes()))
        raise InvalidInput(f"--scheme {wanted!r} is unknown; use one of {known}.", field="scheme")
    return wanted
