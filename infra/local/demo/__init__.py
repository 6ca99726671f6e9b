"""The demo: overdue invoices turn into paid cases, remitted money and an invoice, on this machine."""

from infra.local.demo.run import run

__all__ = ["run"]
