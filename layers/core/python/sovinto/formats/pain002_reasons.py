"""Why a bank refuses or holds a transfer: one sentence for each of the common codes.

Source: ISO 20022 external code list ExternalStatusReason1Code.
"""

from __future__ import annotations

_SENTENCES = {
    "AB05": "The creditor's bank did not answer in time; send the transfer again.",
    "AB08": "The creditor's bank is not online; send the transfer again later.",
    "AC01": "The account number is wrong; ask the client for it again.",
    "AC02": "The debtor's account number is wrong; check our own account in the settings.",
    "AC03": "The creditor's account number is wrong; ask the client for it again.",
    "AC04": "The account is closed; ask the client for another account.",
    "AC06": "The account is blocked; ask the client for another account.",
    "AC07": "The creditor's account is closed; ask the client for another account.",
    "AC13": "The debtor's account is of a kind that this transfer does not take; ask our bank.",
    "AC14": "The client's account does not take this kind of transfer; ask for another account.",
    "AG01": "The account does not take this kind of transfer; ask for another account.",
    "AG02": "The bank does not know this kind of transfer; ask our bank.",
    "AG03": "The creditor's bank does not take this kind of transfer; ask for another account.",
    "AM01": "The amount is zero; nothing can be paid.",
    "AM02": "The amount is above the bank's limit; split it or raise the limit.",
    "AM03": "The currency cannot be sent; use the currency of the account.",
    "AM04": "The account does not hold enough money; fund it and send the transfer again.",
    "AM05": "The bank has this transfer already; look at the statement before sending it again.",
    "AM09": "The amount is not what was agreed; check the transfer.",
    "AM10": "The sum of the transfers is not the control sum; make the file again.",
    "AM12": "The amount is not valid; check the transfer.",
    "AM14": "The amount is above what is agreed with the bank; raise the limit.",
    "AM21": "The amount is above the bank's limit; split it or raise the limit.",
    "AM23": "The amount is above the limit of the settlement; send it again later or in parts.",
    "BE01": "The name does not belong to the account; ask the client for the holder's name.",
    "BE04": "The creditor's address is missing; complete it.",
    "BE05": "The bank does not know the sender; check the agreement with the bank.",
    "BE06": "The client is not known at that bank; ask for the account again.",
    "BE07": "The debtor's address is missing; complete our own address.",
    "BE08": "The name is missing or wrong; correct it.",
    "BE21": "The sender's name is missing or wrong; correct it in the settings.",
    "CH03": "The day of execution is too far ahead; choose an earlier day.",
    "CURR": "The currency is wrong; use the currency of the account.",
    "CUST": "The transfer was refused at the customer's request.",
    "DS0A": "A signature is missing; release the file in the bank.",
    "DS0H": "Whoever signed is not allowed to; have somebody else release the file.",
    "DT01": "The day of execution is not valid; choose another day.",
    "DT02": "The time the file was made is not valid; make it again.",
    "DU01": "The bank has a file with this id already; look for its answer before sending it again.",
    "DU02": "The bank has a payment with this id already; look for its answer before sending it again.",
    "DU03": "The bank has this transfer already; look at the statement before sending it again.",
    "DU04": "The bank has a transfer with this end-to-end id already; look at the statement first.",
    "DU05": "The bank has a transfer with this instruction id already; look at the statement first.",
    "ED01": "The correspondent bank cannot pass it on; ask our bank.",
    "ED05": "The settlement failed; send the transfer again.",
    "ERIN": "The bank does not take the extended remittance option; ask our bank.",
    "FF01": "The file is not as the bank reads it; ask our bank which rule it breaks.",
    "FF05": "The bank does not take this local instrument; ask our bank.",
    "FOCR": "The transfer was called back.",
    "FRAD": "The bank suspects fraud; speak with the bank before anything is sent again.",
    "LEGL": "The law does not allow this transfer; speak with the bank.",
    "MS02": "The creditor refused the transfer without a reason; ask the client.",
    "MS03": "The bank gives no reason; ask our bank.",
    "NARR": "The bank refused it with its own words.",
    "NERR": "The bank cannot say why; ask our bank.",
    "NOAS": "The client's bank had no answer from its customer; ask the client.",
    "NOOR": "The original transfer is not known to the bank; ask our bank.",
    "RC01": "The bank's code (BIC) is wrong; leave it out or correct it.",
    "RC03": "The code of our own bank is wrong; correct it in the settings.",
    "RC04": "The code of the creditor's bank is wrong; leave it out or correct it.",
    "RC07": "The creditor's BIC is wrong; leave it out or correct it.",
    "RC10": "The clearing code of the creditor's bank is wrong; correct it.",
    "RF01": "The reference is not unique; send the transfer with another.",
    "RR01": "The debtor's account or identification is missing; complete it.",
    "RR02": "The debtor's name or address is missing; complete it.",
    "RR03": "The creditor's name or address is missing; complete it.",
    "RR04": "The bank refuses it under its regulations; speak with the bank.",
    "RR05": "Data that authorities ask for is missing; ask our bank which.",
    "RR09": "The structured reference is wrong; correct it or send a text.",
    "RR10": "The file holds letters outside the SEPA set; make it again.",
    "RR12": "An identification of the parties is missing or wrong; complete it.",
    "SL01": "The debtor's bank offers a service that forbids it; ask our bank.",
    "SL03": "The creditor's bank offers a service that forbids it; ask the client.",
    "TD03": "The file is incomplete or its structure is wrong; make it again.",
    "TM01": "The file came after the bank's cut-off time; send it again on the next banking day.",
    "TECH": "The bank had a technical fault; send the transfer again later.",
}


def sentence(code: str, said: str) -> str:
    """What the code means and what to do; for codes we do not know, the bank's own words."""
    known = _SENTENCES.get(code)
    if known is not None and not (code == "NARR" and said):
        return known
    if said:
        return f"The bank says: {said[:500].rstrip('.')}."
    return (
        f"The bank gives the reason {code}; ask it what that means."
        if code
        else "The bank gives no reason."
    )
