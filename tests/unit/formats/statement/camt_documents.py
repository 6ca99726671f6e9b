"""Small camt.053 documents, written after ISO 20022 for the tests."""

from __future__ import annotations

SIGNS = {True: "CRDT", False: "DBIT"}


def entry(
    amount: str = "10.00",
    *,
    credit: bool = True,
    status: str = "<Sts>BOOK</Sts>",
    dates: str = "<BookgDt><Dt>2026-02-02</Dt></BookgDt><ValDt><Dt>2026-02-03</Dt></ValDt>",
    head: str = "",
    tail: str = "<AcctSvcrRef>A1</AcctSvcrRef>",
    details: str = "",
    currency: str = "EUR",
) -> str:
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{SIGNS[credit]}</CdtDbtInd>{head}{status}'
        f"{dates}{tail}<BkTxCd/>{details}</Ntry>"
    )


def details(*transactions: str, batch: str = "") -> str:
    return f"<NtryDtls>{batch}{''.join(transactions)}</NtryDtls>"


def transaction(amount: str = "", inner: str = "") -> str:
    stated = f'<AmtDtls><TxAmt><Amt Ccy="EUR">{amount}</Amt></TxAmt></AmtDtls>' if amount else ""
    return f"<TxDtls>{stated}{inner}</TxDtls>"


def reference(*numbers: str) -> str:
    inner = "".join(f"<Strd><CdtrRefInf><Ref>{number}</Ref></CdtrRefInf></Strd>" for number in numbers)
    return f"<RmtInf>{inner}</RmtInf>"


def balance(code: str, amount: str, *, credit: bool = True, currency: str = "EUR") -> str:
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">{amount}</Amt>'
        f"<CdtDbtInd>{SIGNS[credit]}</CdtDbtInd><Dt><Dt>2026-02-02</Dt></Dt></Bal>"
    )


def statement(
    *entries: str,
    opening: str = "100.00",
    closing: str = "110.00",
    summary: str = "",
    account: str = "<Id><IBAN>FI7944052020036082</IBAN></Id><Ccy>EUR</Ccy>",
    balances: str | None = None,
    statement_id: str = "S1",
) -> str:
    chained = balance("OPBD", opening) + balance("CLBD", closing)
    return (
        f"<Stmt><Id>{statement_id}</Id><CreDtTm>2026-02-02T23:30:00+02:00</CreDtTm><Acct>{account}</Acct>"
        f"{chained if balances is None else balances}{summary}{''.join(entries)}</Stmt>"
    )


def document(*statements: str, version: str = "02", kind: str = "053", prolog: str = "") -> bytes:
    wrapper = {"052": "BkToCstmrAcctRpt", "053": "BkToCstmrStmt", "054": "BkToCstmrDbtCdtNtfctn"}[kind]
    name = {"052": "Rpt", "053": "Stmt", "054": "Ntfctn"}[kind]
    body = "".join(statements).replace("<Stmt>", f"<{name}>").replace("</Stmt>", f"</{name}>")
    return (
        f'{prolog}<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.{version}"><{wrapper}>'
        f"<GrpHdr><MsgId>M</MsgId></GrpHdr>{body}</{wrapper}></Document>"
    ).encode()
