"""Regexes of a query: RE2, compiled quietly, refused where they are wrong or match the empty text."""

from __future__ import annotations

import functools
import re
from typing import Any

import re2

from monitor.rules.faults import Fault, Remedy, shown

# `\b`, `\B`, `^`, `$` and their like show on these that they take no character.
_SAMPLES = ("", "a", "a b", "1", " ", "\n")
_RUN = re.compile(r'[^\s()"“”„]*')


def options() -> Any:
    """RE2's options for every regex of a query; it must not write to stderr by itself."""
    chosen = re2.Options()
    chosen.log_errors = False
    chosen.never_capture = True
    return chosen


@functools.lru_cache(maxsize=1024)
def complaint(pattern: str) -> str | None:
    """Why `pattern` can't be used, or None if it can."""
    if not pattern:
        return "an empty regex matches every text"
    try:
        compiled = re2.compile(pattern, options())
    except UnicodeEncodeError:
        return "this regex holds what is no character of a text"
    except re2.error as error:
        return f"RE2 can't read this regex: {shown(_reason(error))}"
    for sample in _SAMPLES:
        match = compiled.search(sample)
        if match is not None and match.start() == match.end():
            return "this regex matches the empty text, so it would match everything"
    return None


def _reason(error: Exception) -> str:
    reason = error.args[0] if error.args else ""
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)


def unclosed(text: str, at: int) -> Fault:
    """A `/` that opens a regex and has no second one."""
    word = _run(text, at)
    rest = word.strip("/")
    if not rest:
        return Fault("this regex is not closed", at, at + len(word), Remedy("", "leave it out, or write /pattern/"))
    pattern = Remedy(f"/{rest}/", f"write /{shown(rest)}/, or the words in quotes")
    words = Remedy(f'"{word}"', f'write "{shown(word)}" in quotes for what is written')
    likely = (words, pattern) if text.endswith("url:", 0, at) else (pattern, words)
    return Fault("this regex is not closed", at, at + len(word), *likely, Remedy("", "leave it out"))


def followed(text: str, at: int, end: int) -> Fault:
    """A regex that something sticks to."""
    after = _run(text, end)
    pattern = text[at + 1 : end - 1]
    whole = text[at : end + len(after)]
    words = Remedy(f'"{whole.strip("/")}"', f'write "{shown(whole.strip("/"))}" in quotes for the words')
    if re.fullmatch("[imsU]+", after):
        right = f"/(?{after}){pattern}/"
        return Fault(
            f"flags stand inside a regex, not after it: '{after}'", at, at + len(whole), Remedy(right, f"write {shown(right)}"), words
        )
    if "/" in after:
        inner = re.sub(r"(?<!\\)/", r"\\/", whole.strip("/"))
        advice = f"write /{shown(inner)}/, or the words in quotes"
        return Fault("a '/' inside a regex ends it", at, at + len(whole), Remedy(f"/{inner}/", advice), words)
    apart = Remedy(f"{text[at:end]} {after}", "put a space after it")
    return Fault("only a space or a closing bracket may follow a regex", at, at + len(whole), apart, words)


def wrong(text: str, at: int, end: int, why: str) -> Fault:
    """A regex that RE2 can't read, or that matches the empty text."""
    pattern = text[at + 1 : end - 1]
    remedies = []
    required = re.sub(r"[*?]+$", "+" if pattern.endswith("*") else "", pattern)
    if "empty" in why and required != pattern:
        remedies.append(Remedy(f"/{required}/", f"write /{shown(required)}/, which needs a character"))
    words = " ".join(re.findall(r"[^\W\d_]{2,}", pattern))
    if words:
        remedies.append(Remedy(f'"{words}"', f'mend it, or write "{shown(words)}" in quotes for the words'))
    if len(pattern) <= 20:
        escaped = re.sub(r"([^\w\s])", r"\\\1", pattern)
        remedies.append(Remedy(f"/{escaped}/", f"mend it, or write /{escaped}/ for the characters themselves"))
    remedies.append(Remedy("", "mend it, or leave it out"))
    return Fault(why, at, end, *remedies)


def _run(text: str, at: int) -> str:
    found = _RUN.match(text, at)
    return found.group() if found else ""
