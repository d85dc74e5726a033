"""From queries to operators, with what equal terms and patterns of many rules share."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.rules.matcher import Matcher
from monitor.rules.operators import OPERATORS, Operator
from monitor.rules.query import Query
from monitor.rules.regexes import Pattern
from monitor.rules.tree import Node
from monitor.rules.wake import CHECKED_SIGN, Wake


@dataclass(frozen=True, slots=True)
class Rule:
    """A compiled rule. `literals`: all that the scan must look for to evaluate it; `checked`: terms that wake it themselves."""

    name: str
    query: Query
    operator: Operator
    wake: Wake
    literals: frozenset[str]
    checked: tuple[Matcher, ...] = ()


class Compiler:
    """Builds operators; equal terms of all rules share one matcher."""

    def __init__(self) -> None:
        self._matchers: dict[tuple[str, bool], Matcher] = {}
        self._patterns: dict[str, Pattern] = {}
        self._literals: set[str] = set()
        self._checked: dict[str, Matcher] = {}

    def rule(self, name: str, query: Query) -> Rule:
        self._literals, self._checked = set(), {}
        operator = self.build(query.tree)
        wake = operator.wake()
        checked = [matcher for matcher in self._checked.values() if wake is not None and matcher.wake in wake]
        return Rule(name, query, operator, wake, frozenset(self._literals), tuple(checked))

    def build(self, node: Node) -> Operator:
        return OPERATORS[type(node)](node, self)

    def matcher(self, text: str, exact: bool) -> Matcher:
        found = self._matchers.get((text, exact))
        if found is None:
            found = self._matchers[text, exact] = Matcher(text, exact)
        if found.literal:
            self._literals.add(found.literal)
        if CHECKED_SIGN in found.wake:
            self._checked[found.wake] = found
        return found

    def pattern(self, pattern: str) -> Pattern:
        found = self._patterns.get(pattern)
        if found is None:
            found = self._patterns[pattern] = Pattern(pattern)
        self._literals.update(found.needs or ())
        return found
