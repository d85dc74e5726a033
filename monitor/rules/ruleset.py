"""All rules compiled together: an article is folded once, scanned once, and only the rules it wakes are evaluated."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.model import Article, RuleMatch, Span
from monitor.rules.article import ORDER, View
from monitor.rules.matcher import Matcher
from monitor.rules.operators import OPERATORS, Operator
from monitor.rules.places import Hit
from monitor.rules.query import Query
from monitor.rules.scan import Scan
from monitor.rules.tree import Node

_ORDER = {name: number for number, name in enumerate(ORDER)}


class Compiler:
    """Builds operators; equal terms of all rules share one matcher."""

    def __init__(self) -> None:
        self.matchers: dict[tuple[str, bool], Matcher] = {}

    def build(self, node: Node) -> Operator:
        return OPERATORS[type(node)](node, self)

    def matcher(self, text: str, exact: bool) -> Matcher:
        key = (text, exact)
        found = self.matchers.get(key)
        if found is None:
            found = self.matchers[key] = Matcher(text, exact, len(self.matchers))
        return found


class RuleSet:
    """Rules by name. Immutable once compiled; safe to share between threads that match different articles."""

    def __init__(self, rules: dict[str, Operator], queries: dict[str, Query], literals: Iterable[str]) -> None:
        self._rules = rules
        self._queries = queries
        self._always: list[str] = []
        self._woken: dict[str, list[str]] = {}
        for name, rule in rules.items():
            wake = rule.wake()
            if wake is None:
                self._always.append(name)
            else:
                for literal in wake:
                    self._woken.setdefault(literal, []).append(name)
        self._scan = Scan(sorted(set(literals)))

    @classmethod
    def compile(cls, rules: Iterable[tuple[str, Query]], entities: object = None) -> RuleSet:
        """`entities` are resolved in the queries' trees already; it is taken so that callers need not know."""
        compiler = Compiler()
        queries = dict(rules)
        operators = {name: compiler.build(query.tree) for name, query in queries.items()}
        return cls(operators, queries, [matcher.literal for matcher in compiler.matchers.values() if matcher.literal])

    def match(self, article: Article) -> list[RuleMatch]:
        """Every rule that matches, in the order in which the rules were given."""
        view = View.of(article)
        names = set(self._always)
        for part in view.parts:
            part.found = self._scan.find(part.folded.scan)
            for literal in part.found:
                names.update(self._woken.get(literal, ()))
        matches: list[RuleMatch] = []
        for name in self._rules if len(names) > len(self._rules) // 2 else sorted(names, key=list(self._rules).index):
            if name in names:
                hits = self._rules[name].evaluate(view)
                if hits is not None:
                    matches.append(RuleMatch(name, spans_of(hits)))
        return matches

    def match_one(self, rule: str, article: Article) -> RuleMatch | None:
        """One rule; None where it does not match. Raises KeyError for a rule that is not here."""
        hits = self._rules[rule].evaluate(View.of(article))
        return None if hits is None else RuleMatch(rule, spans_of(hits))

    def uses(self, field: str) -> frozenset[str]:
        """The rules that use a field: those with feed: or tag: are matched again when an entry adds one."""
        return frozenset(name for name, query in self._queries.items() if field in query.fields_used)


def spans_of(hits: Iterable[Hit]) -> tuple[Span, ...]:
    """Hits as spans of the stored fields, in text order, each place of each term once."""
    spans: dict[tuple[int, int, int, str, str], Span] = {}
    for part, place, term, entity in hits:
        start, end = part.span(place)
        key = (_ORDER[part.name], start, end, term, entity or "")
        if key not in spans:
            text = part.text[start - part.offset : end - part.offset]
            spans[key] = Span(part.name, start, end, text, term, entity, place.lookalike)
    return tuple(spans[key] for key in sorted(spans))
