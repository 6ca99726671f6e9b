"""One key for all ways in which people and banks write a name; a digest where a key is stored."""

from __future__ import annotations

import unicodedata

from sovinto.ids import derived

# Letters that Unicode does not take apart into a plain letter and a mark.
_PLAIN = str.maketrans({"ø": "o", "æ": "a", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "œ": "o"})
# Two letters that stand for one with a mark where a bank knows no marks: "Mueller", "Lindstroem".
_SPELT_OUT = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"))
_FORMS_AND_TITLES = """oy oyj ab as gmbh ag ky tmi ay ry ltd limited plc aps bv nv ou hb kb inc co
llc srl herr frau mr mrs ms"""
_FORMS = frozenset(_FORMS_AND_TITLES.split())


def name_key(name: str) -> str:
    """Words in one case without marks, titles and forms of company, in alphabetical order.

    "Testinen, Tiina" is "TIINA TESTINEN"; "Müller GmbH" is "Mueller". Empty where no letter is left.
    """
    words = "".join(sign if sign.isalnum() else " " for sign in _composed(name)).split()
    # Told apart before marks go: "AS" is a form of company, "Ås" a name.
    kept = [word for word in words if word not in _FORMS] or words
    return " ".join(sorted(_shortened(_bare(word)) for word in kept))


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name.casefold())


def _bare(word: str) -> str:
    folded = unicodedata.normalize("NFKD", word.translate(_PLAIN))
    return "".join(sign for sign in folded if sign.isalnum())


def _shortened(word: str) -> str:
    for long, short in _SPELT_OUT:
        word = word.replace(long, short)
    return word


def is_telling(key: str) -> bool:
    """A single short word names too many people to decide by it."""
    return len(key) >= 8 and (" " in key or len(key) >= 10)


def is_same(one: str, other: str) -> bool:
    """One person as far as a bank's spelling tells: every word of the shorter key is in the longer, whole
    or cut short, and two words at least. A surname alone is a family's; enough beside a reference only."""
    if one == other:
        return bool(one)
    shorter, longer = sorted((one.split(), other.split()), key=len)
    left = list(longer)
    for word in shorter:
        met = next((whole for whole in left if _is_cut(word, whole)), None)
        if met is None:
            return False
        left.remove(met)
    return len(shorter) >= 2


def is_short_for(told: str, whole: str) -> bool:
    """Every word that is told begins another word of the whole name, one of them with three letters: the
    twelve signs of a detail file ("VIRTANEN M", "MEIKALAINEN"). Enough beside a reference only."""
    words, left = sorted(told.split(), key=len, reverse=True), whole.split()
    for word in words:
        met = next((one for one in left if one.startswith(word)), None)
        if met is None:
            return False
        left.remove(met)
    return bool(words) and len(words[0]) >= 3


def is_like(one: str, other: str) -> bool:
    """Half of the words or more are the same or cut short: enough to suggest, never to decide."""
    shorter, longer = sorted((one.split(), other.split()), key=len)
    met = sum(any(_is_cut(word, whole) for whole in longer) for word in shorter)
    return bool(shorter) and 2 * met >= max(len(shorter), 2)


def _is_cut(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) >= 3 and long.startswith(short))


def name_digest(name: str) -> str:
    """The same for all spellings that have one key; empty for none."""
    key = name_key(name)
    return derived("nam", key) if key else ""


def account_digest(account: str) -> str:
    """What a payer's account is looked up by; empty for none."""
    bare = "".join(account.split()).upper()
    return derived("acc", bare) if bare else ""
