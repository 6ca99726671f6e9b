"""The code on the letter that opens the debtor's page. Never stored: derived from a secret."""

from __future__ import annotations

import hmac
from hashlib import sha256

from sovinto.ids import CaseId

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 10


def access_code(secret: bytes, case_id: CaseId) -> str:
    """Ten letters and digits (50 bits) without look-alikes."""
    digest = int.from_bytes(hmac.new(secret, b"access:" + case_id.encode(), sha256).digest(), "big")
    letters = []
    for _ in range(LENGTH):
        digest, index = divmod(digest, len(_ALPHABET))
        letters.append(_ALPHABET[index])
    return "".join(letters)


def is_access_code(secret: bytes, case_id: CaseId, typed: str) -> bool:
    """Compared in constant time; spaces, hyphens and case do not matter."""
    tidy = "".join(char for char in typed.upper() if char.isalnum())[: LENGTH * 2]
    return hmac.compare_digest(access_code(secret, case_id).encode(), tidy.encode("ascii", "replace"))
