"""What the grammar could not take: from the token it stumbled over to the place, the words and the remedies."""

from __future__ import annotations

from monitor.rules.faults import Fault, Remedy, shown
from monitor.rules.quotes import QUOTES
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


def _as_word(name: str, advice: str) -> Remedy:
    """A lone operator may be meant as the word."""
    word = name.rstrip(":")
    return Remedy(f'"{word}"', f'{advice}, or write "{word}" in quotes for the word')


def _dangling(scanner: Scanner, operator: Token) -> Fault:
    """An operator or field after which nothing comes, at the end or before a closing bracket."""
    name = _written(scanner, operator)
    closing = ")" * len(scanner.brackets)
    advice = f"write a term after {name}, or leave it out"
    return Fault(
        f"{name} needs a term after it",
        operator.start,
        operator.end,
        Remedy("", advice),
        Remedy(closing, advice),
        _as_word(name, advice),
        Remedy(f'"{name.rstrip(":")}"{closing}', f'{advice}, or write "{name.rstrip(":")}" in quotes for the word'),
    )


def _unclosed_bracket(scanner: Scanner) -> Fault:
    at = scanner.brackets[-1]
    if scanner.previous is not None and scanner.previous.type == "LPAR":
        return Fault("nothing stands after this bracket", at, len(scanner.text), Remedy("", "leave it out, or write a term and )"))
    rest = scanner.text[at:].rstrip()
    last = shown(rest.split()[-1].lstrip("("))
    closing = ")" * len(scanner.brackets)
    after = f"write {shown(closing)} after '{last}'"
    return Fault("this bracket is not closed", at, len(scanner.text), Remedy(rest + closing, after), Remedy(rest[1:], "leave it out"))


def _closing(scanner: Scanner, previous: Token | None, token: Token) -> Fault:
    if previous is not None and previous.type == "LPAR":
        return Fault("these brackets are empty", previous.start, token.end, Remedy("", "write a term between them, or leave them out"))
    if previous is not None and previous.type in _OPERATORS:
        return _dangling(scanner, previous)
    return Fault("this bracket closes nothing", token.start, token.end, Remedy("", "leave it out, or write ( before what it closes"))


def _no_left_side(scanner: Scanner, previous: Token | None, token: Token) -> Fault:
    """AND, OR or NEAR where a term should stand."""
    name = _written(scanner, token)
    if scanner.attached(token.start) and previous is not None:
        word = f'"{name}"'
        advice = f"write {word} in quotes for the word"
        return Fault(f"{name} is an operator, not a term of {previous.value}:", token.start, token.end, Remedy(word, advice))
    after_operator = previous is not None and previous.type in _OPERATORS
    what = f"{name} can't follow {_written(scanner, previous)}" if after_operator and previous else f"{name} needs a term before it"
    advice = "leave one of the two out" if after_operator else f"write a term before {name}, or leave it out"
    remedies = [Remedy("", advice)]
    if name.startswith("NOT "):
        remedies.insert(0, Remedy("NOT", "write NOT, or a term on both sides of NOT NEAR"))
    return Fault(what, token.start, token.end, *remedies, _as_word(name, advice))


def _misplaced(scanner: Scanner, previous: Token | None, token: Token) -> Fault:
    """NOT right after a field or ATLEAST; ATLEAST right after a field or another ATLEAST."""
    assert previous is not None, "nothing else refuses NOT or ATLEAST"
    name, text = _written(scanner, token), scanner.text
    outer = _written(scanner, previous)
    of_field = previous.type == "FIELD"
    if token.type == "NOT":
        why = f"NOT can't stand inside {outer if of_field else 'ATLEAST'} without brackets"
        right = f"NOT {outer}{'' if of_field else ' '}"
        after = text[token.end :].lstrip()
        end = len(text) - len(after)
        advice = f"write {right.rstrip()} before the term, or brackets around what NOT takes"
        return Fault(why, previous.start, end, Remedy(right, advice), Remedy(right[len("NOT ") :], f"leave NOT out, or {advice}"))
    if not of_field:
        advice = f"write {name} alone, or both in brackets with AND between them"
        return Fault("ATLEAST can't stand inside ATLEAST", previous.start, token.end, Remedy(name, advice))
    unit = _first_unit(text, token.end)
    right = f"{outer}({name}{unit})"
    return Fault(
        f"ATLEAST can't stand inside {outer} without brackets",
        previous.start,
        token.end + len(unit),
        Remedy(right, f"write {shown(right)}"),
    )


def _first_unit(text: str, at: int) -> str:
    """From `at` to the end of the unit that follows: a bracket with all in it, or a run with its phrases whole."""
    depth, end, phrase = 0, at, False
    while end < len(text) and text[end].isspace():
        end += 1
    while end < len(text):
        char = text[end]
        if char in QUOTES:
            phrase = not phrase
        elif not phrase:
            depth += (char == "(") - (char == ")")
            if depth < 0 or (char.isspace() and depth == 0):
                break
        end += 1
        if char == ")" and depth == 0 and not phrase:
            break
    return text[at:end]
