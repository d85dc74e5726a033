"""An item of a list (`any`, `all`, `none`, aliases) as one term, as it stands: nothing in it is an operator."""

from __future__ import annotations

from monitor.rules.faults import Fault, Remedy, settle
from monitor.rules.quotes import unquote
from monitor.rules.terms import check_text
from monitor.rules.tree import Term

ENTITY = "entity:"
_SHORT = 3  # aliases of so many letters or fewer keep their case (decision 25)


def plain_term(item: str, *, short_is_exact: bool = False) -> Term:
    """A word or phrase without quotes, `=Exact` or `prefix*`. Raises QueryError whose place is in `item`.

    With `short_is_exact`, three letters or fewer keep their case, unless `*` or small letters alone say otherwise.
    """
    try:
        return _term(item, short_is_exact)
    except Fault as fault:
        raise settle(fault, item, lambda mended: _term(mended, short_is_exact)) from None


def _term(item: str, short_is_exact: bool) -> Term:
    text = item.strip()
    at = len(item) - len(item.lstrip())
    exact = text.startswith("=")
    if exact:
        text, at = text[1:], at + 1
    if not text:
        raise Fault("an empty item finds nothing", 0, len(item), advice="write a word or a phrase, or leave the item out")
    strange = strange_character(item)
    if strange:
        raise strange
    check_text(text, at, whole=(0, len(item)), quoted=True)
    if short_is_exact and not exact and "*" not in text and text != text.lower():
        exact = sum(char.isalnum() for char in text) <= _SHORT
    # A phrase of the query language can't hold quotes; between words they are a gap like any other punctuation.
    return Term(unquote(text), exact)


def strange_character(text: str) -> Fault | None:
    """The first of `text` that is no character of any text: a surrogate, or a control that is not white space."""
    if text.isprintable():
        return None
    for at, char in enumerate(text):
        code = ord(char)
        if 0xD800 <= code <= 0xDFFF or (not char.isspace() and (code < 0x20 or 0x7F <= code < 0xA0)):
            return Fault(f"U+{code:04X} is no character of a text", at, at + 1, Remedy("", "leave it out"))
    return None
