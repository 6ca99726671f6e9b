"""The transport frame in front of a Finvoice: an ebXML 2.0 message header in a SOAP envelope.

Source: Finance Finland, Finvoice forwarding service description, chapter "Transport frame".
"""

from __future__ import annotations

from lxml import etree

from sovinto.formats.invoice.finvoice import Route
from sovinto.formats.invoice.xml_parts import adder, to_bytes

_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_EB = "http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd"
_XLINK = "http://www.w3.org/1999/xlink"
_NAMES = {"SOAP-ENV": _SOAP, "eb": _EB, "xlink": _XLINK}
_add = adder(_NAMES)


def in_envelope(finvoice: bytes, route: Route) -> bytes:
    """The frame and the invoice, one after the other as two XML documents: so the banks read it."""
    envelope = etree.Element(f"{{{_SOAP}}}Envelope", nsmap=_NAMES)
    header = _add(envelope, "SOAP-ENV:Header/eb:MessageHeader")
    header.set(f"{{{_SOAP}}}mustUnderstand", "1")
    header.set(f"{{{_EB}}}version", "2.0")
    for side, party, role in (
        ("From", route.sender, "Sender"),
        ("From", route.sender_intermediator, "Intermediator"),
        ("To", route.recipient, "Receiver"),
        ("To", route.recipient_intermediator, "Intermediator"),
    ):
        end = _add(header, f"eb:{side}")
        _add(end, "eb:PartyId", party)
        _add(end, "eb:Role", role)
    _add(header, "eb:CPAId", "yoursandmycpa")
    _add(header, "eb:ConversationId", route.message_id)
    _add(header, "eb:Service", "Routing")
    _add(header, "eb:Action", "ProcessInvoice")
    message = _add(header, "eb:MessageData")
    _add(message, "eb:MessageId", route.message_id)
    _add(message, "eb:Timestamp", route.sent_at.isoformat(timespec="seconds"))
    _manifest(envelope, route)
    return to_bytes(envelope, "ISO-8859-15") + finvoice


def _manifest(envelope: etree._Element, route: Route) -> None:
    manifest = _add(envelope, "SOAP-ENV:Body/eb:Manifest")
    manifest.set(f"{{{_EB}}}id", "Manifest")
    manifest.set(f"{{{_EB}}}version", "2.0")
    reference = _add(manifest, "eb:Reference")
    reference.set(f"{{{_EB}}}id", "Finvoice")
    reference.set(f"{{{_XLINK}}}href", route.message_id)
    schema = _add(reference, "eb:schema")
    schema.set(f"{{{_EB}}}location", "http://www.finvoice.info/finvoice.xsd")
    schema.set(f"{{{_EB}}}version", "3.0")
