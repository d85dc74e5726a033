"""From a tree back to text, in one spelling: the text parses to the same tree, positions aside."""

from __future__ import annotations

import re

from monitor.rules.colons import entity_text
from monitor.rules.faults import Fault
from monitor.rules.slips import check_operator
from monitor.rules.tree import And, AtLeast, Entity, Field, Near, Node, Not, Or, Regex, Stem, Term

_OR, _AND, _NEAR, _NOT, _COUNT, _PRIMARY = range(6)
_WORD = re.compile(r"[^\W_]+(?:[-.][^\W_]+)*\*?")


def canonical(node: Node) -> str:
    """The query in its canonical text: operators in capitals, AND always written, brackets only where they are needed."""
    return _write(node, _OR)


def _write(node: Node, least: int) -> str:
    text, level = _text(node)
    return text if level >= least else f"({text})"


def _text(node: Node) -> tuple[str, int]:
    match node:
        case Term():
            return term_text(node), _PRIMARY
        case Regex():
            return f"/{node.pattern}/", _PRIMARY
        case Stem():
            return f"stem:{node.word}", _PRIMARY
        case Entity():
            return entity_text(node.name), _PRIMARY
        case Field():
            return f"{node.name}:{_write(node.part, _PRIMARY)}", _PRIMARY
        case AtLeast():
            return f"ATLEAST/{node.count} {_write(node.part, _PRIMARY)}", _COUNT
        case Not():
            return f"NOT {_write(node.part, _NOT)}", _NOT
        case Near():
            name = "ONEAR" if node.ordered else "NOT NEAR" if node.negated else "NEAR"
            return f"{_write(node.left, _NEAR)} {name}/{node.distance} {_write(node.right, _NOT)}", _NEAR
        case And():
            return " AND ".join(_write(part, _NEAR) for part in node.parts), _AND
        case Or():
            return " OR ".join(_write(part, _AND) for part in node.parts), _OR


def term_text(term: Term) -> str:
    """A term as a query writes it: quoted unless it is a plain word."""
    text = term.text if _WORD.fullmatch(term.text) and not _is_operator(term.text) else f'"{term.text}"'
    return f"={text}" if term.exact else text


def _is_operator(word: str) -> bool:
    if word.isupper() and word in ("NEAR", "ONEAR", "ATLEAST"):
        return True
    try:
        check_operator(word, 0, word)
    except Fault:
        return True
    return False
