"""TITO and KTL records after the service descriptions of Finance Finland."""

from __future__ import annotations

ACCOUNT = "12345600000785"


def header(opening: int = 10_000, currency: str = "EUR", number: str = "001") -> str:
    fields = ("T00322100", ACCOUNT, number, "260105", "260106", "2601062359", " " * 17, "260102")
    text = "".join(fields) + signed(opening) + "000009" + currency
    return text.ljust(292) + f"FI21{ACCOUNT} NDEAFIHH".ljust(30)


def row(
    cents: int,
    kind: str | None = None,
    *,
    number: int = 1,
    archive: str = "A1",
    name: str = "",
    reference: str = "",
    level: str = " ",
    text: str = "Viitesiirto",
    booked: str = "260105",
) -> str:
    kind = kind or ("1" if cents >= 0 else "2")
    return "".join(
        (
            f"T10188{number:06d}{archive:18}{booked:6}260105260105{kind}710{text:35}",
            signed(cents),
            f" A{name:35}J{'':14} {reference.rjust(20, '0') if reference else '':20}{'':8}{level}",
        )
    )


def extra(kind: str, content: str) -> str:
    return f"T11{len(content) + 8:03d}{kind}{content}"


def closing(cents: int, day: str = "260105") -> str:
    return f"T40050{day}{signed(cents)}{signed(0)}"


def day_sums(deposits: tuple[int, int], withdrawals: tuple[int, int], period: str = "1") -> str:
    sides = "".join(f"{count:08d}{signed(cents)}" for count, cents in (deposits, withdrawals))
    return f"T50067{period}260105{sides}"


def signed(cents: int) -> str:
    return f"{'-' if cents < 0 else '+'}{abs(cents):018d}"


def file(*records: str, encoding: str = "latin-1") -> bytes:
    return ("\r\n".join(records) + "\r\n").encode(encoding)


def payment(
    cents: int,
    *,
    kind: str = "3",
    reference: str = "1232",
    payer: str = "MEIKALAINEN",
    correction: str = "0",
    result: str = "0",
    archive: str = "2601051234567890",
    account: str = ACCOUNT,
) -> str:
    head = f"{kind}{account}260105260104{archive:16}{reference:0>20}{payer:12}"
    return f"{head}1A{cents:010d}{correction}A{result}"


def batch_header() -> str:
    return "02601052359" + "2 " + "011111111" + "1" + "0" * 67


def batch_sums(
    payments: tuple[int, int], corrections: tuple[int, int] = (0, 0), rejected: tuple[int, int] = (0, 0)
) -> str:
    return "9" + "".join(f"{count:06d}{cents:011d}" for count, cents in (payments, corrections, rejected))
