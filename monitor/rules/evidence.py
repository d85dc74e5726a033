"""Why a term is not found in an article: where it stands instead, and what stands there that is nearly it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache

from monitor.model import Article
from monitor.rules.article import Part, View
from monitor.rules.literals import Word, take_apart
from monitor.rules.matcher import Matcher
from monitor.rules.scripts.korean import are_particles
from monitor.rules.tree import Term
from monitor.rules.words import HANGUL, OTHER

OTHER_FIELDS = ("title", "body", "author", "site", "feed", "tag", "url")
_SHORTEST_MISSPELT = {"hangul": 3, "cjk": 3, "unspaced": 5}
_SHORTEST_OTHER = 4
_HANGUL = re.compile(f"[{HANGUL}]+")
_LONGEST_SHOWN = 60
_CLOSE = 10  # words among those of a phrase, for it to be nearly there
_MOST_PLACES = 1_000
_MOST_WORDS = 20_000  # of an article that are looked through for misspellings


class Evidence:
    """An article, and the text that was cut from its page, prepared for many questions."""

    def __init__(self, article: Article, furniture: str) -> None:
        self.view = View.of(article)
        self.furniture = View(article, (Part("body", furniture),))

    def in_furniture(self, matcher: Matcher) -> bool:
        return any(part.places(matcher) for part in self.furniture.parts)

    def field_of(self, matcher: Matcher, scope: View) -> str | None:
        """A field outside `scope` in which the term stands."""
        looked = {id(part) for part in scope.parts}
        for name in OTHER_FIELDS:
            if any(id(part) not in looked and part.places(matcher) for part in self.view.field(name).parts):
                return name
        return None

    def other_case(self, term: Term, scope: View) -> str | None:
        """How an exact term is written here in another case or with other marks."""
        if not term.exact:
            return None
        loose = Matcher(term.text, False)
        return next((part.text[slice(*part.bounds(place))] for part in scope.parts for place in part.places(loose)), None)

    def apart(self, term: Term, scope: View) -> int | None:
        """For a phrase whose words all stand here close together: how many other words are among them."""
        words = _words(term.text)
        parts = [part for part in scope.parts if all(word.text in part.folded.words for word in words)] if len(words) > 1 else []
        wanted = [Matcher(word.exact, term.exact) for word in words] if parts else []
        least: int | None = None
        for part in parts:
            places = [part.places(matcher) for matcher in wanted]
            if not all(places):
                continue
            last: dict[int, int] = {}  # word of the phrase → where it was seen last, as a word of the text
            for at, number in sorted(
                (part.words.of(place.start), number) for number, each in enumerate(places) for place in each[:_MOST_PLACES]
            ):
                last[number] = at
                if len(last) == len(wanted):
                    others = at - min(last.values()) + 1 - len(wanted)
                    least = others if least is None else min(least, others)
        return least if least is not None and 0 <= least <= _CLOSE else None

    def longer_words(self, term: Term, scope: View) -> str | None:
        """Longer words that hold those of the term."""
        words = _words(term.text)
        for part in scope.parts:
            folded = part.folded
            if not words or not all(word.text in folded.words for word in words):
                continue
            pattern = " ".join(f"[^ ]{{0,40}}?{re.escape(word.text)}[^ ]{{0,40}}" for word in words)
            match = re.search(f"(?<= ){pattern}", folded.words)
            if match:
                return _shown(folded.text[folded.start(match.start()) : folded.end(match.end())])
        return None

    def misspelt(self, term: Term, scope: View) -> str | None:
        """What stands here that is one edit away: a letter more, less, other, or two letters swapped."""
        words = _words(term.text)
        if not words:
            return None
        for part in scope.parts:
            vocabulary = self._vocabularies.get(id(part)) or self._vocabularies.setdefault(id(part), Vocabulary(part))
            near = vocabulary.near(words)
            if near is not None:
                return near
        return None

    @cached_property
    def _vocabularies(self) -> dict[int, Vocabulary]:
        return {}


def long_enough(words: Sequence[Word]) -> bool:
    """Whether a term is so long that one that is an edit away says something."""
    return sum(len(word.text) for word in words) >= _SHORTEST_MISSPELT.get(words[0].group, _SHORTEST_OTHER)


class Vocabulary:
    """The words of a part, to be asked for those that are one edit away from others."""

    def __init__(self, part: Part) -> None:
        self._words_text = part.folded.words
        self._words: dict[str, str] = {}  # a word without its particles → as it stands
        for word in part.folded.words.split()[:_MOST_WORDS]:
            self._words.setdefault(word, word)
            if _HANGUL.fullmatch(word):
                for cut in range(1, len(word)):
                    if are_particles(word[cut:]):
                        self._words.setdefault(word[:cut], word)
        self._shortened: dict[str, list[str]] = {}
        for word in self._words:
            for short in {word, *without_one(word)}:
                self._shortened.setdefault(short, []).append(word)

    @property
    def words(self) -> Iterable[str]:
        """As they stand, and in Hangul without their particles."""
        return self._words

    def near(self, words: Sequence[Word]) -> str | None:
        if not long_enough(words):
            return None
        whole = "".join(word.text for word in words)
        if words[0].group in ("cjk", "unspaced"):
            return self._near_run(whole)
        return self._near_words([word.text for word in words]) or self._split_otherwise([word.text for word in words])

    def _near_words(self, words: list[str]) -> str | None:
        """A phrase with one word misspelt."""
        unknown = [number for number, word in enumerate(words) if word not in self._words]
        for number in unknown if len(unknown) == 1 else range(len(words)) if not unknown else ():
            for other in self._one_away(words[number]):
                phrase = [*words[:number], self._words[other], *words[number + 1 :]]
                if len(words) == 1 or f" {' '.join(phrase)}" in self._words_text:
                    return " ".join(phrase)
        return None

    def _one_away(self, word: str) -> Iterator[str]:
        seen: set[str] = set()
        for short in (word, *without_one(word)):
            for other in self._shortened.get(short, ()):
                if other not in seen and other != word and one_edit(word, other):
                    seen.add(other)
                    yield other

    def _split_otherwise(self, words: list[str]) -> str | None:
        """The same letters with a space more or less."""
        for number in range(len(words) - 1):
            joined = [*words[:number], words[number] + words[number + 1], *words[number + 2 :]]
            if all(word in self._words for word in joined) and f" {' '.join(joined)}" in self._words_text:
                return " ".join(joined)
        for number, word in enumerate(words):
            for cut in range(2, len(word) - 1):
                if word[:cut] in self._words and word[cut:] in self._words:
                    split = " ".join([*words[:number], word[:cut], word[cut:], *words[number + 1 :]])
                    if f" {split} " in self._words_text:
                        return split
        return None

    def _near_run(self, run: str) -> str | None:
        """For scripts without word ends: a stretch that is one edit away."""
        text = self._words_text
        if sum(char in text for char in run) < len(run) - 1:
            return None
        for start in range(min(len(text), 50_000)):
            for length in (len(run), len(run) + 1, len(run) - 1):
                stretch = text[start : start + length]
                if (
                    len(stretch) == length
                    and " " not in stretch
                    and (stretch[0] == run[0] or stretch[-1] == run[-1])
                    and one_edit(run, stretch)
                ):
                    return stretch
        return None


@lru_cache(maxsize=50_000)
def _words(text: str) -> tuple[Word, ...]:
    return take_apart(text).words


def is_variant(term: Term, near: str) -> bool:
    """Whether `near`, one edit away from a phrase, is it in another spelling and no longer word: Eun for Un, but envoys for envoy.

    In Hangul, Han and their like a letter in front makes a compound, as the ending of an alphabet's word does.
    """
    words, others = _words(term.text), near.split()
    differ = [(word, other) for word, other in zip(words, others, strict=False) if word.text != other]
    return len(words) == len(others) > 1 and all(word.group == OTHER and not other.startswith(word.text) for word, other in differ)


def one_edit(one: str, other: str) -> bool:
    """Whether one letter more, less or other, or two neighbours swapped, makes one of the other."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1 or one == other:
        return False
    same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(one) < len(other):
        return one[same:] == other[same + 1 :]
    swapped = one[same : same + 2] == other[same : same + 2][::-1] and one[same + 2 :] == other[same + 2 :]
    return swapped or one[same + 1 :] == other[same + 1 :]


def without_one(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


def _shown(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"
