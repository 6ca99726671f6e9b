"""A strict reader of SIE 4 files, written from the format's own rules, for the tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

ORDER = (
    "FLAGGA",
    "PROGRAM",
    "FORMAT",
    "GEN",
    "SIETYP",
    "ORGNR",
    "FNAMN",
    "RAR",
    "VALUTA",
    "KONTO",
    "IB",
    "UB",
    "RES",
    "VER",
)


@dataclass
class Read:
    head: dict[str, list[str]] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    sums: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    vouchers: list[tuple[list[str], list[list[str]]]] = field(default_factory=list)


def read_sie(data: bytes) -> Read:
    """Fails on anything out of order, unknown, unbalanced or unnamed."""
    assert data.endswith(b"\r\n")
    lines = data.decode("cp437").split("\r\n")[:-1]
    found, at, last = Read(), 0, 0
    while at < len(lines):
        label, *cells = fields(lines[at])
        assert label.startswith("#") and label[1:] in ORDER, label
        assert ORDER.index(label[1:]) >= last, f"{label} out of order"
        last = ORDER.index(label[1:])
        at += 1
        if label == "#VER":
            assert lines[at] == "{"
            end = lines.index("}", at)
            rows = [fields(line) for line in lines[at + 1 : end]]
            _check_voucher(rows, found)
            found.vouchers.append((cells, [row[1:] for row in rows]))
            at = end + 1
        elif label == "#KONTO":
            assert cells[0].isdigit() and cells[0] not in found.accounts
            found.accounts[cells[0]] = cells[1]
        elif label in ("#IB", "#UB", "#RES"):
            assert cells[0] == "0" and cells[1] in found.accounts
            found.sums.setdefault(label[1:], {})[cells[1]] = amount(cells[2])
        else:
            found.head[label[1:]] = cells
    return found


def _check_voucher(rows: list[list[str]], found: Read) -> None:
    assert rows
    assert all(row[0] == "#TRANS" and row[1] in found.accounts and row[2] == "{}" for row in rows)
    assert sum(amount(row[3]) for row in rows) == 0


def amount(text: str) -> Decimal:
    whole, _, cents = text.removeprefix("-").partition(".")
    assert whole.isdigit() and len(cents) == 2 and cents.isdigit(), text
    return Decimal(text)


def fields(line: str) -> list[str]:
    """Parted by spaces; in quotation marks a space is a space and \\" is a mark."""
    out: list[str] = []
    text, quoted, begun, at = "", False, False, 0
    line = line.strip(" ")
    while at < len(line):
        char = line[at]
        if quoted and char == "\\" and line[at + 1 : at + 2] == '"':
            text, at = text + '"', at + 1
        elif char == '"':
            quoted, begun = not quoted, True
        elif char == " " and not quoted:
            if text or begun:
                out.append(text)
            text, begun = "", False
        else:
            assert char >= " "
            text += char
        at += 1
    assert not quoted
    return [*out, text] if text or begun else out
