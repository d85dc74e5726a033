"""Quotes: the four that hold phrases, and what goes wrong where they open, close or touch something."""

from __future__ import annotations

import re

from monitor.rules.faults import Fault, Remedy, shown
from monitor.rules.fields import WITH_COLON

QUOTES = '"“”„'
RUN = re.compile(rf"[^\s(){QUOTES}]*")  # what sticks together: up to a space, a bracket or a quote

_QUOTE = re.compile(f"[{QUOTES}]")
_WEIGHT = re.compile(r"[~^]+(\d*)(?:\.\d+)?")
_EMPTY = "an empty phrase finds nothing"
_FILL = "write words between the quotes, or leave the quotes out"


def quoted(text: str) -> str:
    return f'"{text}"'


def unquote(text: str) -> str:
    """`text` without the characters that would end a phrase."""
    return " ".join(_QUOTE.sub(" ", text).split())


def run_at(text: str, at: int) -> str:
    found = RUN.match(text, at)
    return found.group() if found else ""


def empty(start: int, end: int) -> Fault:
    return Fault(_EMPTY, start, end, Remedy("", _FILL))


def unclosed(text: str, at: int) -> Fault:
    """A quote that opens a phrase and has no second one."""
    body = text[at:].rstrip()
    remedies = []
    if unquote(body):
        remedies.append(Remedy(f'{body}"', f"write \" after '{shown(body.split()[-1].lstrip(QUOTES))}'"))
        inner = body.rstrip(") \t\n")
        if inner != body:
            remedies.append(Remedy(f'{inner}"{body[len(inner) :]}', f"write \" after '{shown(inner.split()[-1].lstrip(QUOTES))}'"))
    remedies.append(Remedy(text[at + 1 :], "leave it out"))
    return Fault("this quote is not closed", at, len(text), *remedies)


def check_after_phrase(text: str, start: int, quote: int, end: int) -> None:
    """Raises Fault for what sticks to a phrase's end. `start`: of the whole term; `quote`: of its opening quote."""
    following = text[end : end + 1]
    if not following or following.isspace() or following in "()":
        return
    if not unquote(text[quote:end]):
        raise empty(start, end)
    after = run_at(text, end)
    weight = _WEIGHT.fullmatch(after)
    if weight:
        raise _weighted(text, start, end, after, weight.group(1))
    if after and not after.strip("*"):
        inside = Remedy(f"{text[start : end - 1]}*{text[end - 1]}", "write it inside, after the word")
        raise Fault("'*' stands after the closing quote", start, end + len(after), inside, Remedy(text[start:end], "leave it out"))
    stuck = text[end : end + max(len(after), 1)]
    if following in QUOTES and not _QUOTE.search(text, end + 1):
        raise unclosed(text, end)
    apart = Remedy(f" {stuck}", "put a space between, or look for a quote that is missing or too many")
    raise Fault("only a space or a bracket may follow a phrase", end, end + len(stuck), apart)


def _weighted(text: str, start: int, end: int, mark: str, number: str) -> Fault:
    """`"…"~5` and `"…"^2`: a distance and a weight in other languages."""
    phrase = text[start:end]
    remedies = []
    words = unquote(phrase).lstrip("=").split()
    if mark[0] == "~" and 2 <= len(words) <= 6:
        near = f" NEAR/{min(int(number[-4:] or 5), 999)} "
        sign = "=" if phrase.startswith("=") else ""
        right, safe = (near.join(f"{sign}{write(word)}" for word in words) for write in (str, quoted))
        remedies += [Remedy(f"({right})", f"write {shown(right)}"), Remedy(f"({safe})", f"write {shown(safe)}")]
    if mark[0] == "~":
        remedies.append(Remedy(phrase, "write NEAR/n between the words instead, or leave it out"))
        return Fault(f"'{shown(mark)}' after a phrase is no distance", start, end + len(mark), *remedies)
    return Fault(
        f"'{shown(mark)}' after a phrase means nothing: there are no weights", start, end + len(mark), Remedy(phrase, "leave it out")
    )


def check_after_bare(text: str, start: int, end: int) -> None:
    """Raises Fault for a quote that touches the end of a word, or a bracket that touches a field's name."""
    following = text[end : end + 1]
    if not following or following.isspace() or following == ")":
        return
    word = text[start:end]
    if following == "(":
        if word in WITH_COLON:
            raise Fault(f"'{word}' stands before a bracket without its colon", start, end, Remedy(f"{word}:", f"write {word}:("))
        return
    if not _QUOTE.search(text, end + 1):
        raise unclosed(text, end)
    if word in WITH_COLON:
        raise Fault(
            f"'{word}' stands before a phrase without its colon", start, end, Remedy(f"{word}:", f"write {word}: before the phrase")
        )
    raise Fault("a quote stands in the middle of a word", end, end + 1, Remedy(f" {following}", "put a space before the quote"))
