"""The namespaces of UBL 2.1 and what adds an element of them."""

from sovinto.formats.invoice.xml_parts import adder

NAMESPACES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
add = adder(NAMESPACES)
