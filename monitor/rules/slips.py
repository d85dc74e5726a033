"""Slips of the pen in words and operators: what other query languages write, and what is easily mistyped.

A check passes or raises a Fault whose remedies are ordered by likelihood.
"""

from __future__ import annotations

import re
import unicodedata

from monitor.rules.faults import Fault, Remedy, shown
from monitor.rules.fields import FIELDS, WITH_COLON
from monitor.rules.quotes import quoted, run_at

_PLAIN = ("and", "or", "not")
_OPERATORS = re.compile(r"(?:AND|OR|NOT|(?:O?NEAR|ATLEAST)(?:/\w*)?)", re.ASCII)
_LIKE_OURS = re.compile(r"(o?near|atleast)/?([0-9]+|[sp])", re.IGNORECASE | re.ASCII)
_ELSEWHERE = re.compile(r"(w/|pre/|within/?|adj/?)([0-9]{1,3})", re.IGNORECASE | re.ASCII)
_JOINED = {"andnot": "AND NOT", "ornot": "OR NOT", "notnear": "NOT NEAR/5", "xor": "OR"}
_FUZZY = re.compile(r"([\w*-]+)([~^])[0-9]*(?:\.[0-9]+)?")
_EQUALS = re.compile(rf"({'|'.join(FIELDS)}|entity|stem)=(.+)", re.DOTALL)
_FIELD_APART = re.compile(rf"(?<![^\s(])({'|'.join(WITH_COLON)})\s+$")
_DASHES = "-‐‑‒–—―−"


def check_operator(text: str, at: int, word: str) -> None:
    """Raises Fault for a word that is likely an operator spelled otherwise."""
    lower = word.lower()
    if lower in _PLAIN:
        raise _as_operator(at, word, lower.upper())
    if not word.isascii():
        plain = _plain_letters(word)
        if plain != word and _OPERATORS.fullmatch(plain):
            why = f"'{plain}' is written with characters that only look like it, or with some that can't be seen"
            raise Fault(why, at, at + len(word), Remedy(plain, f"write {plain} in plain letters"))
    elif word.isupper() and lower in _JOINED:
        raise _as_operator(at, word, _JOINED[lower])
    elif "/" in word or (word.isupper() and word[-1].isdigit()):
        like, elsewhere = _LIKE_OURS.fullmatch(word), _ELSEWHERE.fullmatch(word)
        if like:
            raise _as_operator(at, word, f"{like.group(1).upper()}/{like.group(2).upper()}")
        if elsewhere:
            ordered = elsewhere.group(1).lower() == "pre/"
            raise _as_operator(at, word, f"{'ONEAR' if ordered else 'NEAR'}/{elsewhere.group(2)}")


def _as_operator(at: int, word: str, operator: str) -> Fault:
    return Fault(
        f"'{shown(word)}' is no operator as it is written",
        at,
        at + len(word),
        Remedy(operator, f"write {shown(operator)}, or {quoted(shown(word))} in quotes for the word"),
        Remedy(quoted(word), f"write {quoted(shown(word))} in quotes for the word, or the operator {shown(operator)} between two terms"),
    )


def _plain_letters(word: str) -> str:
    """`word` without what can't be seen, in the letters it is compatible with."""
    return "".join(char for char in unicodedata.normalize("NFKC", word) if unicodedata.category(char) != "Cf")


def wrong_number(text: str, at: int, word: str, lowest: int, highest: int) -> Fault:
    """NEAR, ONEAR or ATLEAST whose number is missing or not of the language."""
    name, _, number = word.partition("/")
    counts = name == "ATLEAST"
    if not number:
        spaced = re.compile(rf"{name}\s*/?\s*([0-9]{{1,3}}|[SPsp])(?=[\s()]|$)").match(text, at)
        right = f"{name}/{spaced.group(1).upper()}" if spaced else f"{name}/{2 if counts else 5}"
        end = spaced.end() if spaced else at + len(word)
        what = "a number" if counts else "a distance"
        advice = f"write {right}, or {quoted(name)} in quotes for the word"
        return Fault(f"{name} needs {what}", at, end, Remedy(right, advice), Remedy(f"{name}/{2 if counts else 5}", advice))
    right = f"{name}/{_likeliest(number, lowest, highest, spans=not counts)}"
    allowed = f"a number from {lowest} to {highest}{'' if counts else ', S or P'}"
    return Fault(f"{name} takes {allowed}, not '{shown(number)}'", at, at + len(word), Remedy(right, f"write {right}"))


def not_onear(at: int, end: int, number: int | str) -> Fault:
    """`NOT ONEAR/5`: NOT goes with NEAR alone."""
    right = f"NOT NEAR/{number}"
    return Fault("NOT goes with NEAR, not with ONEAR", at, end, Remedy(right, f"write {right}, or a AND NOT (a ONEAR/{number} b)"))


def _likeliest(number: str, lowest: int, highest: int, *, spans: bool) -> str:
    if spans and number.upper() in ("S", "P"):
        return number.upper()
    digits = re.search("[0-9]+", number)
    if digits is None:
        return "5"
    value = digits.group().lstrip("0")
    return str(highest if len(value) > 3 else max(lowest, int(value or 0)))


# -- bare words -------------------------------------------------------------------------------------------------------


def check_bare(text: str, at: int, word: str, *, in_field: bool) -> None:
    """Raises Fault where a bare word is written as another language's operator. `in_field`: a field's colon is before it."""
    end = at + len(word)
    check_minus(text, at, word)
    if word[0] == ":":
        _check_apart(text, at, word)
    for sign, name in (("&&", "AND"), ("||", "OR")):
        place = word.find(sign)
        if place >= 0:
            right = name if word == sign else f" {name} "
            advice = f"write {name}"
            raise Fault(f"'{sign}' is no operator", at + place, at + place + 2, Remedy(right, advice), Remedy("", "leave it out"))
    if word in ("&", "+", "|", "!", "!="):
        name = {"|": "OR", "!": "NOT", "!=": "NOT"}.get(word, "AND")
        raise Fault(f"'{word}' is no operator", at, end, Remedy(name, f"write {name}"), Remedy("", "leave it out"))
    fuzzy = _FUZZY.fullmatch(word)
    if fuzzy and not in_field:
        what = "fuzzy words" if fuzzy.group(2) == "~" else "weights"
        plain = fuzzy.group(1)
        advice = f"write {shown(plain)}" + (", and other spellings with OR" if what == "fuzzy words" else "")
        raise Fault(f"there are no {what}: '{shown(word)}'", at, end, Remedy(plain, advice), Remedy(quoted(plain), advice))
    if word[0] == "*" and word.strip("*"):
        rest = word.lstrip("*").lstrip("." if in_field else "")
        why = "leave the '*' out" + (": subdomains are found too" if in_field else "")
        raise Fault("'*' stands before a word; only a word's end may be left open", at, end, Remedy(rest, why), Remedy(quoted(rest), why))
    equals = _EQUALS.fullmatch(word)
    if equals and not in_field:
        right = f"{equals.group(1)}:{equals.group(2)}"
        raise Fault(f"a field is followed by a colon: '{shown(word)}'", at, end, Remedy(right, f"write {shown(right)}"))
    if not word.isascii():
        _check_wide(at, word)


def _check_apart(text: str, at: int, word: str) -> None:
    """Raises Fault for a field with a space before its colon."""
    before = _FIELD_APART.search(text[max(0, at - 40) : at])
    if before:
        name = before.group(1)
        right = f"{name}{word}"
        start = at - len(before.group())
        raise Fault(f"a space stands between {name} and its colon", start, at + len(word), Remedy(right, f"write {shown(right)}"))


def check_minus(text: str, at: int, word: str) -> None:
    """Raises Fault for a dash before a term: `-x` is NOT x elsewhere, and any dash may have been typed for it."""
    rest = word.lstrip(_DASHES)
    if rest == word:
        return
    end = at + len(word)
    following = text[end : end + 1]
    if not rest and (not following or following.isspace() or following == ")"):
        raise Fault(f"'{shown(word)}' by itself finds nothing", at, end, Remedy("", "leave it out"))
    remedies = [Remedy(f"NOT {rest}", "write NOT for 'without', or quotes for the word itself")]
    if rest:
        advice = (
            f"for 'without', write NOT {shown(rest)} beside a term that must be found; for the word itself, {quoted(shown(word))} in quotes"
        )
        remedies.append(Remedy(quoted(word), advice))
    remedies.append(Remedy(rest, "leave it out; for 'without', write a AND NOT b"))
    raise Fault(f"'{word[0]}' before a term is no operator", at, end, *remedies)


def _check_wide(at: int, word: str) -> None:
    """Raises Fault for a field written with a full-width colon, as keyboards for Chinese and Japanese do."""
    plain = _plain_letters(word)
    field = plain.partition(":")[0]
    if plain != word and ":" in plain and field in (*FIELDS, "entity", "stem") and ":" not in word:
        raise Fault(f"the colon after '{field}' is not the plain one", at, at + len(word), Remedy(plain, f"write {shown(plain)}"))


# -- exact case -------------------------------------------------------------------------------------------------------


def wrong_exact(text: str, at: int) -> Fault:
    """A `=` that no word or phrase follows."""
    word = run_at(text, at)
    rest = word.lstrip("=-*" + _DASHES)
    if word[1:2] == "/":
        return Fault("a regex keeps case already", at, at + 1, Remedy("", "leave the '=' out"))
    if rest:
        return Fault(f"'=' can't stand before '{word[1]}'", at, at + len(word), Remedy(f"={rest}", f"write ={shown(rest)}"))
    after = re.compile(r"\s+(?=[^\s()])").match(text, at + len(word))
    if word == "=" and after:
        what = shown(run_at(text, after.end())) or f"{text[after.end()]}…"
        return Fault(
            "'=' needs its word right after it",
            at,
            after.end(),
            Remedy("=", f"write ={what} without the space"),
            Remedy("", "leave it out"),
        )
    return Fault(
        "'=' needs a word or a phrase right after it", at, at + len(word), Remedy("", "leave it out, or write it before each word")
    )
