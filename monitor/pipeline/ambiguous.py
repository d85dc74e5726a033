"""Aliases that mean more than their entity: common words of the stored articles, and names that two entities share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from monitor.model import Article
from monitor.rules import Entities
from monitor.rules.article import View
from monitor.rules.compiler import Compiler
from monitor.rules.literals import take_apart
from monitor.rules.scan import Scan
from monitor.rules.tree import Term

COMMON = 0.1  # of all articles: so many hold hardly any one name
_SMALL = 0.5  # of its places: in small letters, where the alias has a capital
_SURE = 5  # articles


@dataclass(frozen=True, slots=True)
class Ambiguity:
    entity: str
    alias: str
    articles: int
    text: str
    remedy: str
    shared: bool = False


@dataclass(slots=True)
class _Count:
    articles: int = 0
    places: int = 0
    small: int = 0


def ambiguous(articles: Iterable[Article], entities: Entities) -> list[Ambiguity]:
    """The aliases that deserve a look, the commonest first."""
    aliases = [(name, term) for name in entities.names for term in _terms(entities, name)]
    counts, looked = _counts(articles, [term for _, term in aliases])
    owners: defaultdict[tuple[str, bool], list[str]] = defaultdict(list)
    for name, term in aliases:
        owners[term.text.casefold(), term.exact].append(name)
    found = []
    for (name, term), count in zip(aliases, counts, strict=True):
        shared = [other for other in dict.fromkeys(owners[term.text.casefold(), term.exact]) if other != name]
        common = looked >= 20 and count.articles >= max(_SURE, COMMON * looked)
        if shared:
            text, remedy = f"is a name of {', '.join(shared)} too", "leave it to one of them, or tell them apart by 'not'"
        elif _has_capital(term.text) and not term.exact and count.articles >= _SURE and count.small > _SMALL * count.places:
            text = f"stands in small letters {count.small:,} of {count.places:,} times: a common word"
            remedy = f"write '={term.text}'"
        elif common:
            share = f"{100 * count.articles / looked:.0f} %"
            text, remedy = f"is in {share} of the articles: a common word", "write a longer alias, or name contexts under 'not'"
        else:
            continue
        found.append(Ambiguity(name, term.text, count.articles, text, remedy, bool(shared)))
    return sorted(found, key=lambda one: -one.articles)


def _terms(entities: Entities, name: str) -> list[Term]:
    entity = entities.get(name)
    return [term for one in (entity.names if entity is not None else ()) if one.name == name for term in one.terms]


def _has_capital(text: str) -> bool:
    return any(word.exact[:1].isupper() for word in take_apart(text).words)


def _counts(articles: Iterable[Article], terms: list[Term]) -> tuple[list[_Count], int]:
    compiler = Compiler()
    matchers = [compiler.matcher(term.text, term.exact) for term in terms]
    by_literal: defaultdict[str, list[int]] = defaultdict(list)
    for number, matcher in enumerate(matchers):
        by_literal[matcher.literal].append(number)
    scan = Scan(literal for literal in by_literal if literal)
    counts = [_Count() for _ in terms]
    looked = 0
    for article in articles:
        looked += 1
        view = View.of(article)
        standing = set(by_literal.get("", ()))  # terms that may be there
        for part in view.parts:
            part.found = scan.find(part.folded)
            standing.update(number for literal in part.found.starts for number in by_literal[scan.literals[literal]])
        for number in standing:
            texts = [part.text[slice(*part.bounds(place))] for part in view.parts for place in part.places(matchers[number])]
            counts[number].articles += bool(texts)
            counts[number].places += len(texts)
            counts[number].small += sum(text == text.lower() != text.upper() for text in texts)
    return counts, looked
