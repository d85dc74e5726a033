"""From queries to operators, with what equal terms and patterns of many rules share."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from monitor.rules.matcher import Matcher
from monitor.rules.operators import OPERATORS, Operator
from monitor.rules.query import Query
from monitor.rules.regexes import Pattern
from monitor.rules.tree import Node
from monitor.rules.wake import Wake

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Rule:
    """A compiled rule. `literals`: all that the scan must look for to evaluate it."""

    name: str
    query: Query
    operator: Operator
    wake: Wake
    literals: frozenset[str]


class Compiler:
    """Builds operators; equal terms of all rules share one matcher."""

    def __init__(self) -> None:
        self._matchers: dict[tuple[str, bool], Matcher] = {}
        self._patterns: dict[str, Pattern] = {}
        self._literals: set[str] = set()

    def rule(self, name: str, query: Query) -> Rule:
        self._literals = set()
        operator = self.build(query.tree)
        return Rule(name, query, operator, operator.wake(), frozenset(self._literals))

    def build(self, node: Node) -> Operator:
        return OPERATORS[type(node)](node, self)

    def matcher(self, text: str, exact: bool) -> Matcher:
        found = self._matchers.get((text, exact))
        if found is None:
            found = self._matchers[text, exact] = Matcher(text, exact, next(_numbers))
        if found.literal:
            self._literals.add(found.literal)
        return found

    def pattern(self, pattern: str) -> Pattern:
        found = self._patterns.get(pattern)
        if found is None:
            found = self._patterns[pattern] = Pattern(pattern)
        self._literals.update(found.needs or ())
        return found
