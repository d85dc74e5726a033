"""All rules compiled together: an article is folded once, scanned once, and only the rules it wakes are evaluated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from time import thread_time

from monitor.model import Article, RuleMatch, Span
from monitor.rules.article import ORDER, View
from monitor.rules.compiler import Compiler, Rule
from monitor.rules.matcher import Matcher
from monitor.rules.named_fields import keys_of
from monitor.rules.places import Hit
from monitor.rules.query import Query
from monitor.rules.regexes import PatternSet
from monitor.rules.scan import Scan
from monitor.rules.stems import algorithm_of, wanted_stems
from monitor.rules.wake import KEY_SIGN, key

_ORDER = {name: number for number, name in enumerate(ORDER)}
_SCANNED = ("author", "site", "feed", "tag")
_MOST_BLAMED = 10  # articles on which patterns are measured one by one


class RuleSet:
    """Rules by name, in their order. Immutable once compiled: a reload makes another and swaps it."""

    def __init__(self, rules: list[Rule], scan: Scan) -> None:
        self.rules = rules
        self._scan = scan
        self._by_name = {rule.name: rule for rule in rules}
        self._always = [number for number, rule in enumerate(rules) if rule.wake is None]
        woken: defaultdict[str, list[int]] = defaultdict(list)
        for number, rule in enumerate(rules):
            for wake in rule.wake or ():
                woken[wake].append(number)
        self._woken = dict(woken)
        # By the numbers of literals: the rules that one wakes, and the terms that wake rules if they are there themselves.
        self._woken_by = [self._woken.get(literal, ()) for literal in scan.literals]
        checked: defaultdict[int, list[Matcher]] = defaultdict(list)
        for matcher in {matcher.id: matcher for rule in rules for matcher in rule.checked}.values():
            checked[scan.numbers[matcher.literal]].append(matcher)
        self._checked = dict(checked)
        kinds: defaultdict[str, list[str]] = defaultdict(list)
        for wake in self._woken:
            kind, sign, value = wake.partition(KEY_SIGN)
            if sign:
                kinds[kind].append(value)
        self._stems = kinds.get("stem", [])
        self._wanted_stems: dict[str, dict[str, list[str]]] = {}
        self._patterns = PatternSet(sorted(kinds["regex"])) if "regex" in kinds else None
        self._scanned = [name for name in _SCANNED if name in kinds]
        self._keyed = bool(kinds.keys() & {"lang", "site"})
        self.budget = 0.05  # seconds of CPU that patterns without a literal may take for one article
        self.slow: dict[str, float] = {}  # rules whose patterns are to blame where that was passed → the seconds theirs took
        self._blamed = 0

    @classmethod
    def prepare(cls, rules: Iterable[tuple[str, Query]], previous: RuleSet | None = None) -> list[Rule]:
        """Compiled rules without the automaton; a rule whose query is that of `previous` is taken over as it is."""
        compiler = Compiler()
        known = previous._by_name if previous is not None else {}
        prepared: dict[str, Rule] = {}
        for name, query in rules:
            old = known.get(name)
            prepared[name] = old if old is not None and old.query == query else compiler.rule(name, query)
        return list(prepared.values())

    @classmethod
    def compile(
        cls,
        rules: Iterable[tuple[str, Query]],
        entities: object = None,
        *,
        previous: RuleSet | None = None,
        automaton: bytes | None = None,
    ) -> RuleSet:
        """A set of rules; of two with one name the last counts. Entities are resolved in the queries' trees already.

        `previous` saves compiling what has not changed; `automaton` is what `build_automaton(literals_of(prepared))` made
        in another process. Compiling in a thread lets the event loop run: the automaton's build frees the GIL.
        """
        prepared = cls.prepare(rules, previous)
        literals = literals_of(prepared)
        if previous is not None and previous._scan.literals == literals:
            return cls(prepared, previous._scan)
        return cls(prepared, Scan(literals, automaton))

    def match(self, article: Article) -> list[RuleMatch]:
        """Every rule that matches, in the rules' order, with the places of all terms that contributed."""
        view = View.of(article)
        matches: list[RuleMatch] = []
        for number in sorted(self._wake(view)):
            rule = self.rules[number]
            hits = rule.operator.evaluate(view)
            if hits is not None:
                matches.append(RuleMatch(rule.name, spans_of(hits)))
        return matches

    def match_one(self, rule: str, article: Article) -> RuleMatch | None:
        """One rule; None where it does not match. Raises KeyError for a rule that is not here."""
        hits = self._by_name[rule].operator.evaluate(View.of(article))
        return None if hits is None else RuleMatch(rule, spans_of(hits))

    def uses(self, field: str) -> frozenset[str]:
        """The rules that use a field: those with feed: or tag: are matched again when an entry adds one."""
        return frozenset(rule.name for rule in self.rules if field in rule.query.fields_used)

    # -- waking -------------------------------------------------------------------------------------------------------

    def _wake(self, view: View) -> set[int]:
        numbers = set(self._always)
        woken = self._woken
        for part in view.parts:
            part.found = found = self._scan.find(part.folded)
            for literal in found.starts:
                numbers.update(self._woken_by[literal])
                if literal in self._checked:
                    for matcher in self._checked[literal]:
                        if part.places(matcher):
                            numbers.update(woken[matcher.wake])
        for kind in self._other_keys(view):
            if kind in woken:
                numbers.update(woken[kind])
        return numbers

    def _other_keys(self, view: View) -> Iterable[str]:
        if self._keyed:
            yield from keys_of(view.article)
        for name in self._scanned:
            for part in view.field(name).parts:
                part.found = self._scan.find(part.folded)
                yield from (key(name, self._scan.literals[literal]) for literal in part.found.starts)
        if self._stems:
            yield from self._stem_keys(view)
        if self._patterns is not None:
            started = thread_time()
            found = [pattern for part in view.parts for pattern in self._patterns.find(part.data)]
            if thread_time() - started > self.budget and self._blamed < _MOST_BLAMED:
                self._blame(view)
            yield from (key("regex", pattern) for pattern in found)

    def _blame(self, view: View) -> None:
        """Measures each pattern by itself: the slowest is to blame, and whatever takes half as long."""
        self._blamed += 1
        took: dict[str, float] = {}
        patterns = [kind.partition(KEY_SIGN)[2] for kind in self._woken if kind.startswith(key("regex", ""))]
        for pattern in patterns:
            alone = PatternSet([pattern])
            started = thread_time()
            for part in view.parts:
                alone.find(part.data)
            took[pattern] = thread_time() - started
        for pattern, seconds in took.items():
            if seconds * 2 >= max(took.values()):
                for number in self._woken[key("regex", pattern)]:
                    name = self.rules[number].name
                    self.slow[name] = max(seconds, self.slow.get(name, 0.0))

    def _stem_keys(self, view: View) -> Iterable[str]:
        algorithm = algorithm_of(view.article.language)
        wanted = self._wanted_stems.get(algorithm)
        if wanted is None:
            wanted = {}
            for word in self._stems:
                for stem in wanted_stems(word, algorithm):
                    wanted.setdefault(stem, []).append(key("stem", word))
            self._wanted_stems[algorithm] = wanted
        for part in view.parts:
            for stem in part.vocabulary(algorithm).keys() & wanted.keys():
                yield from wanted[stem]


def literals_of(rules: Iterable[Rule]) -> list[str]:
    """All that the scan of these rules looks for."""
    return sorted(set().union(*(rule.literals for rule in rules)))


def spans_of(hits: Iterable[Hit]) -> tuple[Span, ...]:
    """Hits as spans of the stored fields, in text order, each place of each term once."""
    spans: dict[tuple[int, int, int, str, str], Span] = {}
    for part, place, term, entity in hits:
        start, end = part.bounds(place)
        place_key = (_ORDER[part.name], start + part.offset, end + part.offset, term, entity or "")
        if place_key not in spans:
            spans[place_key] = Span(part.name, place_key[1], place_key[2], part.text[start:end], term, entity, place.lookalike)
    return tuple(spans[place_key] for place_key in sorted(spans))
