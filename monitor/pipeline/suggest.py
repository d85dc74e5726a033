"""Names that the stored articles hold and the entities do not: aliases of known ones, and new entities, with evidence."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from monitor.model import Article
from monitor.rules import Entities
from monitor.rules.fold import fold

LEAST = 3  # articles that must hold a new name
SAMPLES = 3
_MOST_TEXT = 50_000  # characters of an article that are looked at
_AROUND = 60  # characters of a sample on each side

_CAPITAL = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĖĘĚĜĞĠĢĤĪĮİĴĶĹĻĽŁŃŅŇŌŐŒŔŖŘŚŜŞŠŢŤŪŮŰŲŴŶŸŹŻŽΑ-ΩА-ЯЁ"
_NAME_WORD = rf"[{_CAPITAL}][\w’'-]*"
_JOINER = r"(?:of|the|de|da|di|del|la|le|van|von|der|den|bin|ibn|al|el|and|for|on)"
_SEQUENCE = re.compile(rf"\b{_NAME_WORD}(?: (?:{_JOINER} ){{0,2}}{_NAME_WORD}){{1,4}}")
_BRACKETS = re.compile(r"[(（](?P<inside>[^()（）\n]{2,60})[)）]")
_BEFORE = re.compile(r"[^\n()（）]{2,}$")
_REACH = 90  # characters before a bracket that are looked at
_LATIN = rf"{_NAME_WORD}(?: {_NAME_WORD}){{1,3}}"
_BESIDE = re.compile(rf"(?P<latin>{_LATIN}) (?P<other>[가-힣]{{2,4}})(?![가-힣])|(?P<first>[가-힣]{{2,4}}) (?P<second>{_LATIN})")
_AS = "(?:also (?:known|spelled|called|written) (?:as )?|better known as |formerly (?:known as )?|known as |or )"
_CALLED = re.compile(rf"(?P<one>{_NAME_WORD}(?: {_NAME_WORD}){{0,4}}),? {_AS}[“\"‘']?(?P<two>{_NAME_WORD}(?: {_NAME_WORD}){{0,4}})")
_APPOSITION = re.compile(rf"(?P<name>{_NAME_WORD}(?: {_NAME_WORD}){{1,3}}), (?:the|a|an) (?P<what>[a-z][^,.;\n]{{3,60}}),")
_ACRONYM = re.compile(r"[A-Z][A-Z0-9&-]{1,9}")
_SENTENCE_START = re.compile(r"(?:^|[.!?…:;]['”’\"»)\]]*\s+|[“\"‘'«(\[]|\n\s*)$")
_EDGES = " \t,.;:·-–—“”\"‘’'«»[]"
_STARTER = (
    "The|An?|I[nft]|On|At|But|And|Or|He|She|We|They|Th(?:is|at|ese|ose)|His|Her|Its|Their|Our|When|While|After|Before|As|For|From|With|By|To|"
    "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October|November|December|"
    "Mrs?|Ms|Dr|President|Minister"
)
"""Words with a capital that begin no name."""
_STARTER_FIRST = re.compile(rf"(?:{_STARTER}) (?:{_JOINER} )*")
_FIRST = re.compile(rf"{_NAME_WORD} (?:{_JOINER} )*")


@dataclass(slots=True)
class Suggestion:
    """`text` for the entity `entity`; a new one where that is None, found beside `also`. Counts are articles."""

    text: str
    entity: str | None
    reason: str  # brackets, called, beside, spelling, capitals
    also: str | None = None
    what: str | None = None  # what an apposition says it is
    articles: int = 0
    samples: list[str] = field(default_factory=list)


class _Known:
    """Entities by the folded form of their names and aliases."""

    def __init__(self, entities: Entities | None) -> None:
        self.owner: dict[str, str] = {}
        for name in entities.names if entities is not None else ():
            definition = entities.definition(name) if entities is not None else None
            for alias in (name, *(definition.aliases if definition is not None else ())):
                self.owner.setdefault(form(alias.removeprefix("=").rstrip("*")), name)
        self.long = [key for key in self.owner if len(key) >= 6 and key.isascii()]

    def of(self, text: str) -> str | None:
        return self.owner.get(form(text))

    def ending(self, text: str) -> str | None:
        """The entity that a text ends with, its longest name first."""
        words = form(text).split()
        for first in range(len(words)):
            owner = self.owner.get(" ".join(words[first:]))
            if owner is not None:
                return owner
        return None


@lru_cache(maxsize=50_000)
def form(text: str) -> str:
    """Two texts of one form are one name."""
    return fold(text).words.strip()


def suggest(articles: Iterable[Article], entities: Entities | None) -> tuple[list[Suggestion], int]:
    """What to add, the most often found first; and how many articles were looked at."""
    known = _Known(entities)
    found: dict[tuple[str, str | None], Suggestion] = {}
    whats: defaultdict[str, list[str]] = defaultdict(list)
    looked = 0
    for article in articles:
        looked += 1
        text = f"{article.title}\n{article.body}"[:_MOST_TEXT]
        here: set[tuple[str, str | None]] = set()
        for one, at in _pairs_and_names(text, known):
            key = form(one.text), one.entity
            kept = found.setdefault(key, one)
            if key not in here:
                here.add(key)
                kept.articles += 1
                if len(kept.samples) < SAMPLES:
                    kept.samples.append(_sample(text, at, len(one.text)))
            if kept.reason == "capitals" and one.reason != "capitals":
                kept.reason, kept.also = one.reason, one.also
        for match in _APPOSITION.finditer(text):
            whats[form(match["name"])].append(match["what"])
    for one in found.values():
        said = whats.get(form(one.text))
        one.what = max(set(said), key=said.count) if said else None
    kept_all = [one for one in found.values() if one.entity is not None or one.articles >= LEAST]
    kept_all = _without_parts(kept_all)
    kept_all.sort(key=lambda one: (one.entity is None, -one.articles, one.text))
    return kept_all, looked


def _pairs_and_names(text: str, known: _Known) -> Iterator[tuple[Suggestion, int]]:
    """Every sign of a name in a text, and where it stands."""
    for match in _BRACKETS.finditer(text):
        before = _BEFORE.search(text, max(0, match.start() - _REACH), match.start())
        if before is not None:
            yield from _bracketed(before[0].strip(_EDGES), match["inside"].strip(_EDGES), match.start("inside"), before.start(), known)
    for match in _CALLED.finditer(text):
        yield from _pair(match["one"], match["two"], "called", match.start("two"), known)
    for match in _BESIDE.finditer(text):
        latin, other = (match["latin"], match["other"]) if match["latin"] else (match["second"], match["first"])
        if known.of(latin) or known.of(other):
            yield from _pair(latin, other, "beside", match.start(), known)
    words = frozenset(text.split())
    for match in _SEQUENCE.finditer(text):
        for name, at in _readings(match[0], match.start(), text, words):
            if " " in name and known.of(name) is None:
                owner = _one_edit(form(name), known)
                yield Suggestion(name, owner, "spelling" if owner else "capitals"), at


def _bracketed(before: str, inside: str, at: int, start: int, known: _Known) -> Iterator[tuple[Suggestion, int]]:
    """What stands in brackets, at `at`, and the text before it, from `start`."""
    if not inside or not before or not any(char.isalpha() for char in inside):
        return
    owner = known.ending(before)
    if owner is not None:
        if _is_name(inside) and known.of(inside) is None:
            yield Suggestion(inside, owner, "brackets"), at
        return
    inner = known.of(inside)
    long = _spelt_out(before, inside)
    if long is None and _script(inside) != _script(before[-1:]):
        long = _last_name(before)
    if long is None:
        return
    if inner is not None:
        if known.of(long) is None:
            yield Suggestion(long, inner, "brackets"), max(start, at - len(long) - 2)
    elif _is_name(inside):
        yield Suggestion(long, None, "brackets", also=inside), max(start, at - len(long) - 2)


def _pair(one: str, two: str, reason: str, at: int, known: _Known) -> Iterator[tuple[Suggestion, int]]:
    first, second = known.of(one), known.of(two)
    if first is not None and second is None:
        yield Suggestion(two, first, reason), at
    elif second is not None and first is None:
        yield Suggestion(one, second, reason), at


def _spelt_out(before: str, inside: str) -> str | None:
    """The words before a bracket that an acronym in it stands for: final, fully verified denuclearization (FFVD)."""
    if not _ACRONYM.fullmatch(inside):
        return None
    letters = [char.lower() for char in inside if char.isalpha()]
    words = list(re.finditer(r"[^\W\d_][\w’'-]*", before))
    for skipped in range(4):  # "of", "the" and their like have no letter in it
        some = words[-(len(letters) + skipped) :]
        initials = [word[0][0].lower() for word in some]
        if len(some) == len(letters) + skipped and initials[0] == letters[0] and _is_subsequence(letters, initials):
            return before[some[0].start() :]
    return None


def _is_subsequence(letters: list[str], initials: list[str]) -> bool:
    rest = iter(initials)
    return all(letter in rest for letter in letters)


def _last_name(before: str) -> str | None:
    """The name that a text ends with: capitalised words, or a word of Hangul."""
    sequence = re.search(rf"{_NAME_WORD}(?: {_NAME_WORD}){{0,3}}$", before)
    if sequence is not None:
        return sequence[0]
    korean = re.search(r"[가-힣]{2,}(?: [가-힣]{2,}){0,1}$", before)
    return korean[0].split()[-1] if korean is not None else None


def _is_name(text: str) -> bool:
    """Whether a text in brackets may be a name at all: short, and not a number, a date or a remark."""
    words = text.split()
    if len(words) > 8 or any(char.isdigit() for char in text) or re.search(r"[:;=@/%]", text):
        return False
    return text[:1].isupper() or _script(text) not in ("latin", "")


@lru_cache(maxsize=4096)
def _script(text: str) -> str:
    letter = next((char for char in text if char.isalpha()), "")
    return unicodedata.name(letter, "").split(" ")[0].lower() if letter else ""


def _readings(name: str, at: int, text: str, words: frozenset[str]) -> Iterator[tuple[str, int]]:
    """A sequence as a name: also without its first word where that may have its capital from the sentence that it begins."""
    begins = _SENTENCE_START.search(text, max(0, at - 8), at) is not None
    while starter := _STARTER_FIRST.match(name):
        name, at = name[starter.end() :], at + starter.end()
        begins = False
    first = _FIRST.match(name)
    if begins and first is not None:
        yield name[first.end() :], at + first.end()
        if first[0].count(" ") > 1 or first[0].strip().lower() in words:
            return
    yield name, at


def _one_edit(name: str, known: _Known) -> str | None:
    """The entity one of whose names differs by one letter."""
    if len(name) < 6:
        return None
    return next(
        (known.owner[key] for key in known.long if abs(len(key) - len(name)) <= 1 and key[0] == name[0] and _differ_by_one(key, name)), None
    )


def _differ_by_one(one: str, two: str) -> bool:
    short, long = sorted((one, two), key=len)
    at = next((place for place, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) == len(long):
        return short[at + 1 :] == long[at + 1 :] or (short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :])
    return short[at:] == long[at + 1 :]


def _without_parts(found: list[Suggestion]) -> list[Suggestion]:
    """New names less those that are nearly always part of a longer one."""
    whole: dict[str, int] = {}
    for one in found:
        words = form(one.text).split()
        parts = {" ".join(words[first:last]) for first in range(len(words)) for last in range(first + 1, len(words) + 1)}
        for part in parts - {" ".join(words)} if one.entity is None else ():
            whole[part] = max(whole.get(part, 0), one.articles)
    return [one for one in found if one.entity is not None or one.also is not None or whole.get(form(one.text), 0) < 0.8 * one.articles]


def _sample(text: str, at: int, length: int) -> str:
    """The words around a place, in one line, the name marked."""
    start, end = max(0, at - _AROUND), min(len(text), at + length + _AROUND)
    before, after = " ".join(text[start:at].split()), " ".join(text[at + length : end].split())
    return f"{'…' if start else ''}{before} «{text[at : at + length]}» {after}".strip()
