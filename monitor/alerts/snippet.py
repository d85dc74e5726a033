"""The words around a match: its sentence, or the part of a long one that is near, with every match in it marked.

Works on stored text, since the spans are offsets of it; the pieces are cleaned as they are made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from monitor.alerts.clean import ELLIPSIS, clean_piece, cut, is_boundary, is_word_break
from monitor.model import Span

WHOLE = 120  # code points: a sentence up to this is shown whole
CONTEXT = 40  # code points shown on each side of a match in a longer one
LIMIT = 240  # code points of a snippet, ellipses included
_CANDIDATES = 40  # windows that are chosen from
_NEAR = 300  # spans, from the head of the text, that are looked at at all

_PARAGRAPH = re.compile(r"[\n\v\f\r\x85\u2028\u2029]+")
_STOP = re.compile(r"[.!?\u061f\u06d4\u0964]+[\"'”’»)\]]*(?=\s)|[。！？｡]+[」』”’）]*")
_SHORT_FORM = re.compile(
    r"(?:^|[\s(\"“‘'-])(?:[^\W\d_]|(?:[^\W\d_]\.)+[^\W\d_]|Mr|Mrs|Ms|Dr|Prof|Gen|Lt|Col|Sgt|Sen|Rep|Gov|St|No|vs|Jr|Sr|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)$"
)
_CLAUSE = re.compile(r"[,;:—–](?=[\s\"”’»]|$)|[、，；：]|\s[—–-](?=\s)|[”»](?=\s|$)")
_MIN_CLAUSE = 12  # code points after a match before a clause's end may end the snippet


@dataclass(frozen=True, slots=True)
class RuleSpan:
    """A match in the body and the rules that it belongs to."""

    start: int
    end: int
    rules: tuple[str, ...]
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Snippet:
    """Clean text in pieces: (text, whether it is a match). `start` and `end` are the part of the stored text that is shown."""

    pieces: tuple[tuple[str, bool], ...]
    start: int
    end: int
    rules: frozenset[str]

    def text(self, before: str = "", after: str = "") -> str:
        """The snippet as a line, each match between `before` and `after`."""
        return "".join(f"{before}{text}{after}" if marked else text for text, marked in self.pieces)


def gather(spans: Sequence[tuple[str, Span]], field: str = "body") -> list[RuleSpan]:
    """The matches of one field, in text order, overlapping ones joined, from pairs of rule and span."""
    joined: list[RuleSpan] = []
    for rule, span in sorted((pair for pair in spans if pair[1].field == field), key=lambda pair: (pair[1].start, -pair[1].end)):
        last = joined[-1] if joined else None
        if last is not None and span.start < last.end:
            rules = last.rules if rule in last.rules else (*last.rules, rule)
            terms = last.terms if span.term in last.terms else (*last.terms, span.term)
            joined[-1] = RuleSpan(last.start, max(last.end, span.end), rules, terms)
        else:
            joined.append(RuleSpan(span.start, span.end, (rule,), (span.term,)))
    return joined


def snippets(text: str, spans: Sequence[RuleSpan], count: int) -> list[Snippet]:
    """Up to `count` snippets in text order: those that show most rules, then most terms, then other paragraphs."""
    inside = [span for span in spans[:_NEAR] if 0 <= span.start < span.end <= len(text)]
    windows: dict[tuple[int, int], _Worth] = {}
    for span in _spread(inside):
        place = window(text, span, inside)
        if place not in windows:
            shown = list(_within(inside, place))
            rules = frozenset(rule for one in shown for rule in one.rules)
            terms = frozenset(term for one in shown for term in one.terms)
            windows[place] = _Worth(rules, terms, _paragraph_start(text, place[0]))
    chosen = _choose(windows, count)
    made = (_make(text, place, inside) for place in sorted(chosen))
    return [snippet for snippet in made if snippet.pieces]


@dataclass(frozen=True, slots=True)
class _Worth:
    rules: frozenset[str]
    terms: frozenset[str]
    paragraph: int


def _spread(spans: Sequence[RuleSpan]) -> Iterator[RuleSpan]:
    """The spans to choose from: the first of each rule and term, then the rest in order, a bounded number in all."""
    firsts: dict[tuple[str, ...], RuleSpan] = {}
    for span in spans:
        firsts.setdefault((*span.rules, "\0", *span.terms), span)
    yield from islice(dict.fromkeys((*firsts.values(), *spans)), _CANDIDATES)


def _choose(windows: Mapping[tuple[int, int], _Worth], count: int) -> list[tuple[int, int]]:
    left = dict(windows)
    chosen: list[tuple[int, int]] = []
    rules: frozenset[str] = frozenset()
    terms: frozenset[str] = frozenset()
    paragraphs: set[int] = set()
    while left and len(chosen) < count:
        best = max(
            left,
            key=lambda place: (
                len(left[place].rules - rules),
                len(left[place].terms - terms),
                left[place].paragraph not in paragraphs,
                -place[0],
            ),
        )
        chosen.append(best)
        rules |= left[best].rules
        terms |= left[best].terms
        paragraphs.add(left[best].paragraph)
        left = {place: worth for place, worth in left.items() if place[1] <= best[0] or place[0] >= best[1]}
    return chosen


def _within(spans: Sequence[RuleSpan], place: tuple[int, int]) -> Iterator[RuleSpan]:
    return (span for span in spans if place[0] <= span.start and span.end <= place[1])


def window(text: str, span: RuleSpan, spans: Sequence[RuleSpan] = ()) -> tuple[int, int]:
    """What is shown of the text for one match: its sentence, or at most CONTEXT code points on each side within it."""
    start, end = sentence(text, span.start, span.end)
    if end - start > WHOLE:
        start, end = _near_start(text, start, span.start), _near_end(text, span.end, end)
    for other in spans:  # a match is shown whole or not at all
        if other.start < start < other.end:
            start = other.start if end - other.start <= LIMIT else other.end
        if other.start < end < other.end:
            end = other.end if other.end - start <= LIMIT else other.start
    return min(start, span.start), max(end, span.end)


def sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence that holds text[start:end], within its paragraph, without white space at its ends."""
    left, right = _paragraph_start(text, start), _paragraph_end(text, end)
    for stop in _stops(text, left, right):
        if stop <= start:
            left = stop
        elif stop >= end:
            right = stop
            break
    while left < start and text[left].isspace():
        left += 1
    while right > end and text[right - 1].isspace():
        right -= 1
    return left, right


def _stops(text: str, left: int, right: int) -> Iterator[int]:
    for stop in _STOP.finditer(text, left, right):
        if stop[0] == "." and (
            _SHORT_FORM.search(text, max(left, stop.start() - 12), stop.start()) or text[stop.end() : stop.end() + 9].lstrip()[:1].islower()
        ):
            continue
        yield stop.end()


def _paragraph_start(text: str, at: int) -> int:
    floor = max(at - 2000, 0)  # a text without line ends is no reason to scan all of it
    return max((found.end() for found in _PARAGRAPH.finditer(text, floor, at)), default=floor)


def _paragraph_end(text: str, at: int) -> int:
    ceiling = min(at + 2000, len(text))
    found = _PARAGRAPH.search(text, at, ceiling)
    return found.start() if found else ceiling


def _near_start(text: str, left: int, at: int) -> int:
    if at - left <= CONTEXT:
        return left
    for start in range(at - CONTEXT, at):
        if is_word_break(text, start) and not text[start].isspace():
            return start
    return at


def _near_end(text: str, at: int, right: int) -> int:
    if right - at <= CONTEXT:
        return right
    clauses = [clause.start() for clause in _CLAUSE.finditer(text, at + _MIN_CLAUSE, at + CONTEXT)]
    if clauses:
        return clauses[-1]
    for end in range(at + CONTEXT, at, -1):
        if is_word_break(text, end) and not text[end - 1].isspace() and is_boundary(text, end):
            return end
    return at


def _make(text: str, place: tuple[int, int], spans: Sequence[RuleSpan]) -> Snippet:
    start, end = place
    pieces: list[tuple[str, bool]] = []
    at = start
    rules: set[str] = set()
    for span in _within(spans, place):
        pieces += [(text[at : span.start], False), (text[span.start : span.end], True)]
        at = span.end
        rules.update(span.rules)
    pieces.append((text[at:end], False))
    whole = sentence(text, start, end)
    return Snippet(_tidy(pieces, before=start > whole[0], after=end < whole[1]), start, end, frozenset(rules))


def _tidy(pieces: Sequence[tuple[str, bool]], *, before: bool, after: bool) -> tuple[tuple[str, bool], ...]:
    """Cleans the pieces, adds the ellipses, and keeps the whole within LIMIT."""
    tidy = [(clean_piece(text), marked) for text, marked in pieces]
    if tidy and not tidy[0][1]:
        tidy[0] = (tidy[0][0].lstrip(), False)
    if tidy and not tidy[-1][1]:
        tidy[-1] = (tidy[-1][0].rstrip(), False)
    if before:
        tidy.insert(0, (ELLIPSIS, False))
    if after:
        tidy.append((ELLIPSIS, False))
    result: list[tuple[str, bool]] = []
    room = LIMIT
    for text, marked in tidy:
        if not text:
            continue
        if len(text) > room:
            if room > 1:
                result.append((cut(text, room), marked))
            break
        room -= len(text)
        if result and result[-1][1] == marked:
            result[-1] = (result[-1][0] + text, marked)
        else:
            result.append((text, marked))
    return tuple(result)
