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
    payer: str = "",
    text: str = "",
    code: str = "",
    is_reversal: bool = False,
    currency: str = "EUR",
) -> str:
    """One booked entry; a negative amount is money out. `code` is domain-family-sub-family."""
    sign = "CRDT" if minor >= 0 else "DBIT"
    identified = f"<Refs><EndToEndId>{end_to_end}</EndToEndId></Refs>" if end_to_end else ""
    named = f"<RltdPties><Dbtr><Nm>{payer}</Nm></Dbtr></RltdPties>" if payer else ""
    said = f"<Ustrd>{text}</Ustrd>" if text else ""
    structured = _structured(reference) if reference else ""
    remittance = f"<RmtInf>{said}{structured}</RmtInf>" if said or structured else ""
    return (
        f'<Ntry><Amt Ccy="{currency}">{_decimal(abs(minor))}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'
        f"{'<RvslInd>true</RvslInd>' if is_reversal else ''}<Sts>BOOK</Sts>"
        f"<BookgDt><Dt>{on}</Dt></BookgDt><ValDt><Dt>{on}</Dt></ValDt><AcctSvcrRef>{bank_id}</AcctSvcrRef>"
        f"{_code(code)}<NtryDtls><TxDtls>{identified}{named}{remittance}</TxDtls></NtryDtls></Ntry>"
    )


def _code(code: str) -> str:
    if not code:
        return "<BkTxCd/>"
    domain, family, sub = code.split("-")
    inner = f"<Fmly><Cd>{family}</Cd><SubFmlyCd>{sub}</SubFmlyCd></Fmly>"
    return f"<BkTxCd><Domn><Cd>{domain}</Cd>{inner}</Domn></BkTxCd>"


def itemised(minor: int, *parts: tuple[int, str], bank_id: str = "B1", on: date = date(2026, 1, 8)) -> str:
    """One booked entry of several payments, each with its sum and reference; without parts only the sum."""
    details = "".join(
        f'<TxDtls><Amt Ccy="EUR">{_decimal(part)}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        f"<RmtInf>{_structured(reference)}</RmtInf></TxDtls>"
        for part, reference in parts
    )
    return (
        f'<Ntry><Amt Ccy="EUR">{_decimal(abs(minor))}</Amt><CdtDbtInd>{"CRDT" if minor > 0 else "DBIT"}'
        f"</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>{on}</Dt></BookgDt><ValDt><Dt>{on}</Dt></ValDt>"
        f"<AcctSvcrRef>{bank_id}</AcctSvcrRef><BkTxCd/>"
        f"{f'<NtryDtls>{details}</NtryDtls>' if details else ''}</Ntry>"
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


def camt053(
    *lines: str,
    change: int = 0,
    iban: str = AGENCY.iban,
    statement_id: str = "S1",
    opening: int = 1_000_000,
) -> bytes:
    """`change` is the sum of the lines in cents: the balances must chain."""
    account = f"<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
    chained = _balance("OPBD", opening) + _balance("CLBD", opening + change)
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


def camt(message: str, *lines: str, iban: str = AGENCY.iban, statement_id: str = "N1") -> bytes:
    """A camt.052 or camt.054 (`message`) without balances."""
    wrapper, part = {"052": ("BkToCstmrAcctRpt", "Rpt"), "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn")}[
        message
    ]
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{message}.001.02"><{wrapper}>'
        f"<GrpHdr><MsgId>M</MsgId></GrpHdr><{part}><Id>{statement_id}</Id>"
        f"<CreDtTm>2026-01-08T23:30:00+02:00</CreDtTm>"
        f"<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>{''.join(lines)}"
        f"</{part}></{wrapper}></Document>"
    ).encode()
