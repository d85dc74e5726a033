"""Why a rule did not match an article: which part of it failed, and how near it came."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from monitor.model import Article
from monitor.rules.article import View
from monitor.rules.canonical import canonical
from monitor.rules.compiler import Compiler
from monitor.rules.evidence import Evidence, is_variant
from monitor.rules.operators import Operator
from monitor.rules.operators.all_of import AllOf
from monitor.rules.operators.any_of import AnyOf
from monitor.rules.operators.at_least import AtLeastOf, count_apart
from monitor.rules.operators.entity import EntityOf
from monitor.rules.operators.field import FieldOf
from monitor.rules.operators.near import NearTo
from monitor.rules.operators.none_of import NoneOf
from monitor.rules.operators.regex import RegexOf
from monitor.rules.operators.stem import StemOf
from monitor.rules.operators.term import TermOf
from monitor.rules.places import Hit
from monitor.rules.query import Query
from monitor.rules.regexes import Pattern

FARTHEST_FIRST = ("no-term", "furniture", "field", "spelling", "boundary", "case", "count", "near", "order", "excluded")
"""Codes of interface section 6. Of several parts that failed, the one that is farthest from matching is the cause."""


@dataclass(frozen=True, slots=True)
class NodeState:
    """What became of one node of the query; `start` and `end` are its place in the query's text."""

    start: int
    end: int
    state: str  # ok, no, nearly
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """`code` is None where the rule matches. `state`: ok, nearly (some of it is there), or no."""

    code: str | None
    text: str
    state: str
    nodes: tuple[NodeState, ...] = ()


@dataclass(frozen=True, slots=True)
class _Failure:
    code: str
    text: str
    nearly: bool = True


def explain_rule(query: Query, article: Article, furniture: str = "") -> Verdict:
    """Why `query` does not match `article`. `furniture` is the visible text that was cut from the article's page."""
    evidence = _evidence(article, furniture)
    walk = _Walk(evidence)
    failure = walk.failure(_operator(query), evidence.view)
    if failure is None:
        return Verdict(None, "matches", "ok", tuple(walk.nodes))
    return Verdict(failure.code, failure.text, "nearly" if failure.nearly else "no", tuple(walk.nodes))


@lru_cache(maxsize=8)
def _evidence(article: Article, furniture: str) -> Evidence:
    return Evidence(article, furniture)


@lru_cache(maxsize=20_000)
def _operator(query: Query) -> Operator:
    return Compiler().build(query.tree)


class _Walk:
    """One walk over a rule's operators; notes what became of each node."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.nodes: list[NodeState] = []

    def failure(self, part: Operator, view: View) -> _Failure | None:
        """What failed in `part`, None where it matches."""
        hits = part.evaluate(view)
        failure = None if hits is not None else _EXPLAIN[type(part)](self, part, view)
        if failure is None:
            text = f"found {len(hits or ())} times" if hits else "holds"
            self.nodes.append(NodeState(part.node.start, part.node.end, "ok", text))
        else:
            state = "no" if failure.code == "no-term" and not failure.nearly else "nearly"
            self.nodes.append(NodeState(part.node.start, part.node.end, state, failure.text))
        return failure

    # -- groups -------------------------------------------------------------------------------------------------------

    def all_of(self, part: AllOf, view: View) -> _Failure:
        written = sorted(part.parts, key=lambda each: each.node.start)
        failures = [(each, self.failure(each, view)) for each in written]
        failed = [(each, failure) for each, failure in failures if failure is not None]
        # A language that is the right one is no word that came near.
        present = any(hit.part.name != "lang" for each, failure in failures if failure is None for hit in each.evaluate(view) or ())
        _, worst = min(failed, key=lambda one: FARTHEST_FIRST.index(one[1].code))
        found = [_name(each) for each, failure in failures if failure is None and not isinstance(each, NoneOf)]
        text = "; ".join(dict.fromkeys(failure.text for _, failure in failed))
        if found and worst.code == "no-term":
            text = f"{', '.join(found)} ✓; {text}"
        return _Failure(worst.code, text, present or any(failure.nearly for _, failure in failed))

    def any_of(self, part: AnyOf, view: View) -> _Failure:
        best = _nearest([failure for each in part.parts if (failure := self.failure(each, view))])
        if best.code != "no-term" or best.nearly:
            return best
        return _Failure("no-term", f"none of {', '.join(map(_name, part.parts))} in the text", False)

    def none_of(self, part: NoneOf, view: View) -> _Failure:
        hits = part.part.evaluate(view) or ()
        shown = f": {_quoted(hits)}" if hits else ""
        return _Failure("excluded", f"NOT {_name(part.part)} applies{shown}")

    def field(self, part: FieldOf, view: View) -> _Failure:
        inside = view.field(part.name)
        failure = self.failure(part.part, inside)
        assert failure is not None
        if failure.code == "no-term" and not isinstance(part.part, AllOf):
            values = ", ".join(dict.fromkeys(each.text for each in inside.parts)) if part.name not in ("title", "body", "lead") else ""
            is_now = f"{part.name} is {values}" if values else f"not in {part.name}"
            return _Failure("no-term", f"{_name(part)} ✗ {is_now}", failure.nearly)
        return failure

    # -- counting and measuring ---------------------------------------------------------------------------------------

    def at_least(self, part: AtLeastOf, view: View) -> _Failure:
        hits = part.part.evaluate(view)
        if not hits:
            return self.failure(part.part, view) or _Failure("count", f"ATLEAST/{part.count}: none")
        return _Failure("count", f"ATLEAST/{part.count}: {_name(part.part)} stands {_times(count_apart(hits))}")

    def near(self, part: NearTo, view: View) -> _Failure:
        sign = _sign(part)
        if part.node.negated:
            absent = self.failure(part.left, view)
            return absent or _Failure("excluded", f"each {_name(part.left)} has {_name(part.right)} within {sign.removeprefix('NOT ')}")
        left, right = self.failure(part.left, view), self.failure(part.right, view)
        if left is None and right is None:
            return self._apart(part, view, sign)
        failed = [failure for failure in (left, right) if failure is not None]
        worst = min(failed, key=lambda failure: FARTHEST_FIRST.index(failure.code))
        if worst.code != "no-term":
            return worst
        names = [f"{_name(each)} {'✓' if failure is None else '✗'}" for each, failure in ((part.left, left), (part.right, right))]
        return _Failure("no-term", f"{names[0]} {sign} {names[1]} not in the text", len(failed) == 1 or any(one.nearly for one in failed))

    def _apart(self, part: NearTo, view: View, sign: str) -> _Failure:
        names = f"{_name(part.left)} and {_name(part.right)}"
        forward, backward = part.distances(view)
        if part.ordered and backward is not None and backward <= part.reach and (forward is None or forward > part.reach):
            return _Failure("order", f"{sign}: {_name(part.right)} stands before {_name(part.left)}")
        apart = [one for one in ((forward,) if part.ordered and forward is not None else (forward, backward)) if one is not None]
        if not apart:
            return _Failure("near", f"{sign}: {names} stand in different fields or share their words")
        if part.ordered and forward is None:
            return _Failure("order", f"{sign}: {_name(part.right)} stands before {_name(part.left)}")
        if isinstance(part.node.distance, int):
            return _Failure("near", f"{sign}: {names} are {min(apart) - 1} words apart")
        unit = "sentence" if part.node.distance == "S" else "paragraph"
        return _Failure("near", f"{sign}: {names} are in no {unit} together")

    # -- terms --------------------------------------------------------------------------------------------------------

    def term(self, part: TermOf, view: View) -> _Failure:
        node, evidence, name = part.node, self.evidence, _name(part)
        if view.name == "lang":
            return _Failure("no-term", f"{name} ✗", False)
        if view.name in ("site", "url", "feed", "tag", "author"):
            field = evidence.field_of(part.matcher, view)
            return _Failure("field", f"{name} stands in {field}, not in {view.name}") if field else _Failure("no-term", f"{name} ✗", False)
        other = evidence.other_case(node, view)
        if other is not None:
            return _Failure("case", f"{name} is written '{other}' here")
        field = evidence.field_of(part.matcher, view)
        if field is not None:
            return _Failure("field", f"{name} stands in {field}, not in {view.name or 'title or body'}")
        if evidence.in_furniture(part.matcher):
            return _Failure("furniture", f"{name} stands only in what was cut from the page")
        apart = evidence.apart(node, view)
        if apart:
            return _Failure("near", f"the words of {name} stand here with {apart} other{'s' if apart > 1 else ''} among them")
        if apart == 0:
            return _Failure("near", f"the words of {name} stand here in another order")
        longer = evidence.longer_words(node, view)
        near = evidence.misspelt(node, view) if longer is None or " " in longer else None
        if near is not None and (longer is None or is_variant(node, near)):
            return _Failure("spelling", f"{name} is nearly '{near}' here")
        if longer is not None:
            return _Failure("boundary", f"{name} stands only inside '{longer}'")
        return _Failure("no-term", f"{name} not in the text", False)

    def entity(self, part: EntityOf, view: View) -> _Failure:
        inside = [term for terms, contexts in part.names if contexts for term in terms if term.evaluate(view)]
        if inside:
            return _Failure("excluded", f"{_name(inside[0])} stands only in contexts that are another's")
        failures = [self.term(term, view) for terms, _ in part.names for term in terms]
        best = _nearest(failures)
        if best.code == "boundary":  # an alias misspelt tells more than another that is part of some word
            best = next((failure for failure in failures if failure.code == "spelling"), best)
        return best if best.code != "no-term" else _Failure("no-term", f"{_name(part)} under none of its names in the text", False)

    def stem(self, part: StemOf, view: View) -> _Failure:
        if part.evaluate(self.evidence.furniture):
            return _Failure("furniture", f"{_name(part)} stands only in what was cut from the page")
        for name in ("title", "body"):
            if view.name and part.evaluate(self.evidence.view.field(name)):
                return _Failure("field", f"{_name(part)} stands in {name}, not in {view.name}")
        return _Failure("no-term", f"{_name(part)} not in the text", False)

    def regex(self, part: RegexOf, view: View) -> _Failure:
        loose = Pattern(f"(?i:{part.node.pattern})")
        if any(loose.places(each) for each in view.parts):
            return _Failure("case", f"{_name(part)} matches in another case")
        if part.evaluate(self.evidence.furniture):
            return _Failure("furniture", f"{_name(part)} matches only in what was cut from the page")
        for name in ("title", "body"):
            if view.name and part.evaluate(self.evidence.view.field(name)):
                return _Failure("field", f"{_name(part)} matches in {name}, not in {view.name}")
        return _Failure("no-term", f"{_name(part)} matches nowhere", False)


_EXPLAIN: dict[type[Operator], Callable[..., _Failure]] = {
    AllOf: _Walk.all_of,
    AnyOf: _Walk.any_of,
    NoneOf: _Walk.none_of,
    FieldOf: _Walk.field,
    AtLeastOf: _Walk.at_least,
    NearTo: _Walk.near,
    TermOf: _Walk.term,
    EntityOf: _Walk.entity,
    StemOf: _Walk.stem,
    RegexOf: _Walk.regex,
}


def _nearest(failures: Sequence[_Failure]) -> _Failure:
    return max(failures, key=lambda failure: (FARTHEST_FIRST.index(failure.code), failure.nearly))


def _sign(part: NearTo) -> str:
    return f"{'NOT ' if part.node.negated else 'O' if part.ordered else ''}NEAR/{part.node.distance}"


def _name(part: Operator) -> str:
    """A node as a person would point at it: terms in quotes, the rest as the query writes it."""
    node = part.node
    if isinstance(part, TermOf):
        return f"'{'=' if node.exact else ''}{node.text}'"
    text = canonical(node)
    return text if len(text) <= 60 else f"{text[:59]}…"


def _quoted(hits: Sequence[Hit]) -> str:
    part, place, _, _ = hits[0]
    shown = f"'{part.text[slice(*part.bounds(place))]}' in {part.name}"
    return shown if len(hits) == 1 else f"{shown} and {len(hits) - 1} more"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
