"""The operators of the query language: one file each, and one line here to register it."""

from __future__ import annotations

from monitor.rules.operators.all_of import AllOf
from monitor.rules.operators.any_of import AnyOf
from monitor.rules.operators.at_least import AtLeastOf
from monitor.rules.operators.base import Builder, Operator
from monitor.rules.operators.entity import EntityOf
from monitor.rules.operators.field import FieldOf
from monitor.rules.operators.near import NearTo
from monitor.rules.operators.none_of import NoneOf
from monitor.rules.operators.regex import RegexOf
from monitor.rules.operators.stem import StemOf
from monitor.rules.operators.term import TermOf
from monitor.rules.tree import And, AtLeast, Entity, Field, Near, Node, Not, Or, Regex, Stem, Term

OPERATORS: dict[type[Node], type[Operator]] = {
    Term: TermOf,
    Regex: RegexOf,
    Stem: StemOf,
    Entity: EntityOf,
    And: AllOf,
    Or: AnyOf,
    Not: NoneOf,
    Near: NearTo,
    AtLeast: AtLeastOf,
    Field: FieldOf,
}

__all__ = ["OPERATORS", "Builder", "Operator"]
