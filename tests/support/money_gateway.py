"""The provider of the money worlds: what it gives back on our order, it announces as everything else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sovinto.domain.checkout import Refund, RefundState
from sovinto.domain.money import Money
from sovinto.errors import UpstreamRefused

from tests.support.fake_gateway import FakeGateway


@dataclass(slots=True)
class MoneyGateway(FakeGateway):
    """`gives` takes the money off the payment in the world's own count; False where less is left."""

    gives: Callable[[str, int], bool] = lambda checkout, minor: False
    ordered: dict[str, Refund] = field(default_factory=dict)

    def order_refund(self, checkout_id: str, amount: Money, *, idempotency_key: str) -> Refund:
        if idempotency_key not in self.ordered:
            if not self.gives(checkout_id, amount.minor):
                raise UpstreamRefused("the payment provider refused: less is left of that payment")
            name = f"re_{len(self.ordered)}"
            self.ordered[idempotency_key] = Refund(name, RefundState.DONE, amount)
        return self.ordered[idempotency_key]
