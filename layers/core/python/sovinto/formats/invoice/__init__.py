"""E-invoices: Peppol BIS Billing 3 (UBL 2.1) for everybody, Finvoice 3.0 for Finland."""

from sovinto.formats.invoice.addresses import endpoint_of
from sovinto.formats.invoice.finvoice import Route, write_finvoice
from sovinto.formats.invoice.soap import in_envelope
from sovinto.formats.invoice.ubl import write_ubl

__all__ = ["Route", "endpoint_of", "in_envelope", "write_finvoice", "write_ubl"]
