"""From a query's tree to what the index is asked: a clause that holds for every article that the query matches.

None: nothing is sure, so every article has to be looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from monitor.pipeline.indexing import AUTHOR, HOST, LANG, SITE, marked
from monitor.rules.fold import fold
from monitor.rules.literals import Word as Piece
from monitor.rules.literals import take_apart
from monitor.rules.named_fields import TEXT_FIELDS, domain_of, is_domain, primary
from monitor.rules.regex_literals import needed_literals
from monitor.rules.stems import ALGORITHMS, stems_of
from monitor.rules.tree import And, AtLeast, Entity, Field, Near, Node, Not, Or, Regex, Stem, Term
from monitor.rules.words import CJK, UNSPACED
from monitor.store.search import LONGEST, AllOf, AnyOf, Clause, Word

MOST = 2_000  # words of one clause: beyond, asking costs more than looking
_SIGNS = str.maketrans({"\x01": "\ue000", "\x02": "\ue001"})
_UNBROKEN = re.compile(f"[{CJK}]{{2,}}|[{UNSPACED}]{{2,}}")
_BY_ENDINGS = (
    *("english", "german", "french", "spanish", "italian", "portuguese", "romanian"),
    *("russian", "swedish", "norwegian", "danish", "finnish", "hungarian", "turkish"),
)
_CHANGED = 2  # letters at a stem's end that a language may write otherwise in the word: y and i, enc and ent
_SHORTEST = 3  # letters that a word must begin with, for the index to be worth asking
_FIELDS = {"author": AUTHOR, "site": SITE}


def clause_of(node: Node, sign: str = "") -> Clause | None:
    """What an article that matches has in the index. `sign` stands before the words of a field."""
    match node:
        case Term():
            return _term(node, sign)
        case Entity():
            return _any([_term(term, sign) for name in node.names for term in name.terms])
        case And():
            return _all([clause_of(part, sign) for part in node.parts])
        case Or():
            return _any([clause_of(part, sign) for part in node.parts])
        case Near():
            left = clause_of(node.left, sign)
            return left if node.negated else _all([left, clause_of(node.right, sign)])
        case AtLeast():
            return clause_of(node.part, sign)
        case Field():
            return _field(node)
        case Regex():
            return _regex(node) if not sign else None
        case Stem():
            return _stem(node) if not sign else None
        case Not():
            return None


def _all(clauses: list[Clause | None]) -> Clause | None:
    sure = tuple(dict.fromkeys(clause for clause in clauses if clause is not None))
    return sure[0] if len(sure) == 1 else AllOf(sure) if sure else None


def _any(clauses: list[Clause | None]) -> Clause | None:
    sure = tuple(dict.fromkeys(clause for clause in clauses if clause is not None))
    if len(sure) < len(set(clauses)) or len(sure) > MOST or not sure:
        return None
    return sure[0] if len(sure) == 1 else AnyOf(sure)


def _term(term: Term, sign: str) -> Clause | None:
    return _all([clause for piece in take_apart(term.text).words for clause in _piece(piece, sign)])


def _piece(piece: Piece, sign: str) -> list[Clause | None]:
    text = piece.text.translate(_SIGNS)
    if any("\ud800" <= char <= "\udfff" for char in text):
        return []
    if piece.group in ("cjk", "unspaced"):
        return _pairs(text, sign)
    # Particles follow a Korean word, and belong to its form in the index.
    return [Word((sign + text)[:LONGEST], prefix=piece.star or piece.group == "hangul")]


def _pairs(text: str, sign: str = "") -> list[Clause | None]:
    if len(text) == 1:
        return [Word(sign + text, prefix=True)]
    return [Word(sign + text[at : at + 2]) for at in range(len(text) - 1)]


def _field(node: Field) -> Clause | None:
    if node.name in TEXT_FIELDS:
        return clause_of(node.part)
    if node.name == "lang":
        return _terms(node.part, lambda term: Word(marked(LANG, primary(term.text))[:LONGEST]))
    if node.name == "site":
        return _terms(node.part, _site)
    return clause_of(node.part, _FIELDS[node.name]) if node.name in _FIELDS else None


def _site(term: Term) -> Clause | None:
    words = _term(term, SITE)
    return _any([Word(marked(HOST, domain_of(term))[:LONGEST]), words]) if is_domain(term) else words


def _terms(node: Node, clause: Callable[[Term], Clause | None]) -> Clause | None:
    """A field's part where terms mean something of their own in it."""
    match node:
        case Term():
            return clause(node)
        case Entity():
            return _any([clause(term) for name in node.names for term in name.terms])
        case And():
            return _all([_terms(part, clause) for part in node.parts])
        case Or():
            return _any([_terms(part, clause) for part in node.parts])
        case _:
            return None


def _regex(node: Regex) -> Clause | None:
    """A literal may stand inside words, which the index can't tell; but Han, kana and Thai are there in pairs."""
    needed = needed_literals(node.pattern)
    if needed is None:
        return None
    return _any([_all(_pairs(text)) if _UNBROKEN.fullmatch(text := literal.strip()) else None for literal in needed])


def _stem(node: Stem) -> Clause | None:
    """Words with one stem begin alike in languages that only add endings; in the others the language alone narrows."""
    clauses: list[Clause | None] = [_term(Term(node.word), "")]
    clauses += [Word(marked(LANG, language)) for language, algorithm in sorted(ALGORITHMS.items()) if algorithm not in _BY_ENDINGS]
    begins = set()
    for algorithm in _BY_ENDINGS:
        for stem in stems_of(node.word, algorithm):
            begin = fold(stem).words.strip()[:-_CHANGED]
            if len(begin) < _SHORTEST or " " in begin:
                return None
            begins.add(begin)
    shortest = [begin for begin in begins if not any(other != begin and begin.startswith(other) for other in begins)]
    return _any([*clauses, *(Word(begin.translate(_SIGNS), prefix=True) for begin in sorted(shortest))])
