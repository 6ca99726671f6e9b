"""The payment sandbox: a local double of a hosted-checkout provider, in the manner of Stripe Checkout."""

from infra.local.response import Response
from infra.local.sandbox.service import Sandbox

__all__ = ["Response", "Sandbox"]
