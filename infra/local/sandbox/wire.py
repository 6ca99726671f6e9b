"""How the provider writes its things as JSON: in answers and, the same, in webhooks."""

from __future__ import annotations

from infra.local.sandbox.model import Movement, Payout, Session

Json = dict[str, object]


def session_json(session: Session) -> Json:
    wish = session.wish
    return {
        "id": session.session_id,
        "object": "checkout.session",
        "session_id": session.session_id,
        "status": session.status,
        "amount_minor": wish.amount_minor,
        "currency": wish.currency,
        "reference": wish.reference,
        "description": wish.description,
        "locale": wish.locale,
        "created": session.created,
        "expires_at": session.expires_at,
        "paid_at": session.paid_at,
        "last4": session.last4,
    }


def movement_json(movement: Movement) -> Json:
    """Amounts on the wire are positive; `object` says which way the money goes."""
    return {
        "id": movement.movement_id,
        "object": movement.kind,
        "session_id": movement.session_id,
        "reference": movement.reference,
        "amount_minor": abs(movement.amount_minor),
        "currency": movement.currency,
        "created": movement.created,
    }


def payout_json(payout: Payout) -> Json:
    return {
        "id": payout.payout_id,
        "object": "payout",
        "status": "paid",
        "amount_minor": payout.amount_minor,
        "currency": payout.currency,
        "fee_minor": 0,
        "created": payout.created,
        "payments": [movement_json(movement) for movement in payout.of("payment")],
        "refunds": [movement_json(movement) for movement in payout.of("refund")],
        "disputes": [movement_json(movement) for movement in payout.of("dispute")],
    }
