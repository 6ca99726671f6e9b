"""The same payment as each version of camt.053 writes it (ISO 20022, versions 02 to 14)."""

from __future__ import annotations

from xml.sax.saxutils import escape

from tests.unit.formats.statement.camt_documents import balance, document

VERSIONS = tuple(f"{number:02d}" for number in range(2, 15))
# Since 08 the status is a choice, a party stands in `Pty` and has its UETR beside the end-to-end id.
CHOICES_SINCE = 8


def payment(
    version: str,
    *,
    amount: str,
    payer: str = "Maija",
    text: str = "",
    number: str = "",
    is_timed: bool = False,
) -> bytes:
    """A statement with one credit; amount and direction of the payment itself are told since 04."""
    new = int(version) >= CHOICES_SINCE
    status = "<Sts><Cd>BOOK</Cd></Sts>" if new else "<Sts>BOOK</Sts>"
    name = f"<Nm>{escape(payer)}</Nm>"
    party = f"<Pty>{name}</Pty>" if new else name
    uetr = "<UETR>8a562c67-ca16-48ba-b074-65581be6f011</UETR>" if new else ""
    own = f'<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>' if int(version) >= 4 else ""
    on = "<DtTm>2026-02-02T10:00:00</DtTm>" if is_timed else "<Dt>2026-02-02</Dt>"
    referred = f"<Strd><CdtrRefInf><Ref>{number}</Ref></CdtrRefInf></Strd>" if number else ""
    said = f"<Ustrd>{escape(text)}</Ustrd>" if text else ""
    entry = (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><RvslInd>false</RvslInd>{status}'
        f"<BookgDt>{on}</BookgDt><ValDt>{on}</ValDt><AcctSvcrRef>A1</AcctSvcrRef><BkTxCd/>"
        f"<NtryDtls><TxDtls><Refs><EndToEndId>E1</EndToEndId>{uetr}</Refs>{own}"
        f'<AmtDtls><TxAmt><Amt Ccy="EUR">{amount}</Amt></TxAmt></AmtDtls>'
        f"<RltdPties><Dbtr>{party}</Dbtr><DbtrAcct><Id><IBAN>FI2112345600000785</IBAN></Id></DbtrAcct>"
        f"</RltdPties><RmtInf>{said}{referred}</RmtInf><CorpActn><EvtTp>DVCA</EvtTp></CorpActn>"
        "</TxDtls></NtryDtls></Ntry>"
    )
    balances = balance("OPBD", "0.00") + balance("CLBD", amount)
    body = (
        "<Stmt><Id>S1</Id><CreDtTm>2026-02-02T23:30:00</CreDtTm>"
        f"<Acct><Id><IBAN>FI7944052020036082</IBAN></Id><Ccy>EUR</Ccy></Acct>{balances}"
        f"{summary(version, amount)}{entry}</Stmt>"
    )
    return document(body, version=version)


def summary(version: str, amount: str) -> str:
    """The net of all entries is a record of its own since version 04."""
    net = f"<TtlNetNtryAmt>{amount}</TtlNetNtryAmt><CdtDbtInd>CRDT</CdtDbtInd>"
    if int(version) >= 4:
        net = f"<TtlNetNtry><Amt>{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd></TtlNetNtry>"
    return (
        f"<TxsSummry><TtlNtries><NbOfNtries>1</NbOfNtries><Sum>{amount}</Sum>{net}</TtlNtries></TxsSummry>"
    )
