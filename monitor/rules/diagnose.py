"""What the grammar could not take: from the token it stumbled over to the place, the words and the remedies."""

from __future__ import annotations

from monitor.rules.faults import Fault, Remedy
from monitor.rules.scanner import Scanner, Token

_BINARY = ("_AND", "_OR", "NEAR")
_OPERATORS = (*_BINARY, "NOT", "ATLEAST", "FIELD")


def unexpected(scanner: Scanner, token: Token | None) -> Fault:
    """The fault behind `token` (None: the end of the text), which the grammar could not take."""
    previous = scanner.previous
    if token is None:
        if previous is None:
            return Fault("an empty query finds nothing", 0, 0, advice="write a word, or a phrase in quotes")
        if previous.type in _OPERATORS:
            return _dangling(scanner, previous)
        return _unclosed_bracket(scanner)
    if token.type == "RPAR":
        return _closing(scanner, previous, token)
    if token.type in _BINARY:
        return _no_left_side(scanner, previous, token)
    return _misplaced(scanner, previous, token)


def _written(scanner: Scanner, token: Token) -> str:
    return " ".join(scanner.text[token.start : token.end].split())


def _dangling(scanner: Scanner, operator: Token) -> Fault:
    name = _written(scanner, operator)
    closing = ")" * len(scanner.brackets)
    before = scanner.text[: operator.start].rstrip()
    return Fault(
        f"{name} needs a term after it",
        operator.start,
        operator.end,
        Remedy(closing, f"write a term after {name}, or leave it out"),
        *_as_word(name, before),
    )


def _as_word(name: str, before: str) -> list[Remedy]:
    """A lone operator may be meant as the word."""
    plain = name.rstrip(":")
    return [Remedy(f'"{plain}"', f'write a term after {name}, or "{plain}" in quotes for the word')]


def _unclosed_bracket(scanner: Scanner) -> Fault:
    at = scanner.brackets[-1]
    rest = scanner.text[at:].rstrip()
    last = rest.split()[-1].lstrip("(")
    closing = ")" * len(scanner.brackets)
    return Fault("this bracket is not closed", at, len(scanner.text), Remedy(rest + closing, f"write {closing} after '{last}'"))


def _closing(scanner: Scanner, previous: Token | None, token: Token) -> Fault:
    if previous is not None and previous.type == "LPAR":
        return Fault("these brackets are empty", previous.start, token.end, Remedy("", "write a term between them, or leave them out"))
    if previous is not None and previous.type in _OPERATORS:
        name = _written(scanner, previous)
        return Fault(
            f"{name} needs a term after it",
            previous.start,
            previous.end,
            Remedy("", f"write a term after {name}, or leave it out"),
            *_as_word(name, ""),
        )
    return Fault("this bracket closes nothing", token.start, token.end, Remedy("", "leave it out, or write ( before what it closes"))


def _no_left_side(scanner: Scanner, previous: Token | None, token: Token) -> Fault:
    name = _written(scanner, token)
    if previous is not None and previous.type in _OPERATORS:
        what = f"{name} can't follow {_written(scanner, previous)}"
    else:
        what = f"{name} needs a term before it"
    remedies = [Remedy("", "leave it out, or write a term between" if previous else f"leave it out, or write a term before {name}")]
    if token.type == "NEAR" and name.startswith("NOT"):
        remedies.insert(0, Remedy("NOT", "write NOT"))
    return Fault(what, token.start, token.end, *remedies, Remedy(f'"{name}"', f'write "{name}" in quotes for the word'))


def _misplaced(scanner: Scanner, previous: Token | None, token: Token) -> Fault:
    """NOT or ATLEAST right after a field or after ATLEAST."""
    name, text = _written(scanner, token), scanner.text
    if previous is None:  # pragma: no cover - the grammar takes every token that is none of the above at the start
        return Fault(f"{name} can't stand here", token.start, token.end)
    outer = _written(scanner, previous)
    operator = token.type
    if operator == "NOT":
        right = f"NOT {outer}"
        return Fault(
            f"NOT can't stand inside {outer} without brackets"
            if previous.type == "FIELD"
            else f"NOT can't stand inside {outer.split('/')[0]}",
            previous.start,
            token.end,
            Remedy(
                right if previous.type == "ATLEAST" else f"{right}", f"write {right} before the term, or brackets around what {outer} takes"
            ),
        )
    rest = text[token.start :]
    if previous.type == "FIELD":
        first = _first_unit(rest[len(name) :])
        return Fault(
            f"ATLEAST can't stand inside {outer} without brackets",
            previous.start,
            token.end + len(first),
            Remedy(f"{outer}({name}{first})", f"write brackets: {outer}({name}{first})"),
        )
    return Fault(
        "ATLEAST can't stand inside ATLEAST",
        previous.start,
        token.end,
        Remedy(name, f"write {name} alone, or brackets with AND between the two"),
    )


def _first_unit(text: str) -> str:
    """The run of text up to the next space or bracket after the first unit, quotes kept whole."""
    lead = len(text) - len(text.lstrip())
    depth, end = 0, lead
    while end < len(text):
        char = text[end]
        if char in '"“”„':
            close = next((place for place in range(end + 1, len(text)) if text[place] in '"“”„'), len(text) - 1)
            end = close
        elif char == "(":
            depth += 1
        elif char == ")":
            if depth == 0:
                break
            depth -= 1
            if depth == 0:
                end += 1
                break
        elif char.isspace() and depth == 0:
            break
        end += 1
    return text[:end]
