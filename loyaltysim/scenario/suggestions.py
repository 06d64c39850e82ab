"""What was probably meant by a word that is not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def hint(word: str, known: Iterable[str]) -> str:
    """The words to add to 'unknown': what was probably meant, or what is known."""
    known = list(known)
    near = nearest(word, known)
    if near:
        return f"did you mean '{near}'?"
    return f"known here: {', '.join(known)}" if known else "nothing is known here"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that looks most like this one, if any does."""
    by_letters = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower()[:60], list(by_letters), 1, 0.6)
    return by_letters[near[0]] if near else None
