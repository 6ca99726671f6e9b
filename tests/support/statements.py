"""Bank statements of our collection account, as camt.053 files."""

from __future__ import annotations

from datetime import date

from tests.support.people import AGENCY

_HEAD = (
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>'
    "<GrpHdr><MsgId>M</MsgId></GrpHdr>"
)


def line(
    minor: int,
    *,
    reference: str = "",
    end_to_end: str = "",
    bank_id: str = "A1",
    on: date = date(2026, 1, 8),
) -> str:
    """One booked entry; a negative amount is money out."""
    sign = "CRDT" if minor >= 0 else "DBIT"
    identified = f"<Refs><EndToEndId>{end_to_end}</EndToEndId></Refs>" if end_to_end else ""
    structured = f"<RmtInf><Strd><CdtrRefInf><Ref>{reference}</Ref></CdtrRefInf></Strd></RmtInf>"
    return (
        f'<Ntry><Amt Ccy="EUR">{_decimal(abs(minor))}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts>BOOK</Sts>'
        f"<BookgDt><Dt>{on}</Dt></BookgDt><ValDt><Dt>{on}</Dt></ValDt><AcctSvcrRef>{bank_id}</AcctSvcrRef>"
        f"<BkTxCd/><NtryDtls><TxDtls>{identified}{structured if reference else ''}</TxDtls></NtryDtls>"
        "</Ntry>"
    )


def batch(minor: int, *payments: tuple[str, ...], bank_id: str = "B1", on: date = date(2026, 1, 8)) -> str:
    """One booked entry of several payments without amounts of their own; each names its references."""
    details = "".join(
        f"<TxDtls><RmtInf>{''.join(_structured(reference) for reference in references)}</RmtInf></TxDtls>"
        for references in payments
    )
    return (
        f'<Ntry><Amt Ccy="EUR">{_decimal(minor)}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>'
        f"<BookgDt><Dt>{on}</Dt></BookgDt><ValDt><Dt>{on}</Dt></ValDt><AcctSvcrRef>{bank_id}</AcctSvcrRef>"
        f"<BkTxCd/><NtryDtls>{details}</NtryDtls></Ntry>"
    )


def _structured(reference: str) -> str:
    return f"<Strd><CdtrRefInf><Ref>{reference}</Ref></CdtrRefInf></Strd>"


def camt053(*lines: str, change: int = 0, iban: str = AGENCY.iban, statement_id: str = "S1") -> bytes:
    """`change` is the sum of the lines in cents: the balances must chain."""
    account = f"<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
    chained = _balance("OPBD", 1_000_000) + _balance("CLBD", 1_000_000 + change)
    return (
        f"{_HEAD}<Stmt><Id>{statement_id}</Id><CreDtTm>2026-01-08T23:30:00+02:00</CreDtTm>{account}{chained}"
        f"{''.join(lines)}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def _balance(code: str, minor: int) -> str:
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{_decimal(minor)}</Amt>'
        "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-01-08</Dt></Dt></Bal>"
    )


def _decimal(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"
