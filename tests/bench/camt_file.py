"""A camt.053 of any length, from a seed, written as a stream."""

from __future__ import annotations

import random
from pathlib import Path

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
    "<GrpHdr><MsgId>M</MsgId><CreDtTm>2026-02-28T23:30:00+02:00</CreDtTm></GrpHdr><Stmt><Id>S1</Id>"
    "<CreDtTm>2026-02-28T23:30:00+02:00</CreDtTm>"
    "<Acct><Id><IBAN>FI7944052020036082</IBAN></Id><Ccy>EUR</Ccy></Acct>"
)
_TAIL = "</Stmt></BkToCstmrStmt></Document>\n"
_OPENING = 10**12
_BALANCE = (
    '<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{amount}</Amt>'
    "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-02-28</Dt></Dt></Bal>\n"
)
_ENTRY = """<Ntry>
 <NtryRef>{number}</NtryRef>
 <Amt Ccy="EUR">{amount}</Amt>
 <CdtDbtInd>{direction}</CdtDbtInd>
 <Sts><Cd>BOOK</Cd></Sts>
 <BookgDt><Dt>2026-02-{day:02d}</Dt></BookgDt>
 <ValDt><Dt>2026-02-{day:02d}</Dt></ValDt>
 <AcctSvcrRef>AR{number:012d}</AcctSvcrRef>
 <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
 <NtryDtls><TxDtls>
  <Refs><AcctSvcrRef>T{number}</AcctSvcrRef><EndToEndId>E2E{number}</EndToEndId></Refs>
  <Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>
  <RltdPties><Dbtr><Pty><Nm>Payer {payer}</Nm></Pty></Dbtr>
   <DbtrAcct><Id><IBAN>FI2112345600000785</IBAN></Id></DbtrAcct></RltdPties>
  <RmtInf><Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>{number}9</Ref></CdtrRefInf>
  </Strd></RmtInf>
 </TxDtls></NtryDtls>
</Ntry>
"""


def write_camt(path: Path, entries: int, seed: int = 5) -> None:
    """Nine of ten entries are money in; the balances are right."""
    dice = random.Random(seed)
    minors = [dice.randint(1, 500_000) * (1 if dice.random() < 0.9 else -1) for _ in range(entries)]
    with path.open("w", encoding="utf-8") as out:
        out.write(_HEAD)
        out.write(_BALANCE.format(code="OPBD", amount=_decimal(_OPENING)))
        out.write(_BALANCE.format(code="CLBD", amount=_decimal(_OPENING + sum(minors))))
        for number, minor in enumerate(minors):
            out.write(
                _ENTRY.format(
                    number=number,
                    amount=_decimal(abs(minor)),
                    direction="CRDT" if minor > 0 else "DBIT",
                    day=number * 28 // entries + 1,
                    payer=dice.randint(1, 50_000),
                )
            )
        out.write(_TAIL)


def _decimal(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"
