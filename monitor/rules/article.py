"""An article as the rules see it: its parts folded, what the scan found in them, and the fields a query may name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from monitor.model import Article
from monitor.rules.distance import WordIndex
from monitor.rules.fold import Folded, fold
from monitor.rules.matcher import MOST_PLACES, Matcher
from monitor.rules.named_fields import host_of
from monitor.rules.places import Place
from monitor.rules.scan import Found
from monitor.rules.stems import vocabulary

__all__ = ["LEAD_WORDS", "MOST_PLACES", "NOWHERE", "ORDER", "Beginning", "Part", "View"]

ORDER = ("title", "body", "author", "site", "feed", "tag", "lang", "url")
LEAD_WORDS = 60
NOWHERE: Sequence[Place] = ()


class Part:
    """One text of an article. `found` is what the scan found in it; None where no scan was made."""

    def __init__(self, name: str, text: str, *, whole: bool = False, offset: int = 0) -> None:
        self.name = name
        self.text = text
        self.whole = whole  # a term must be all of it (tags)
        self.offset = offset  # of `text` in the stored field
        self.found: Found | None = None
        self._places: dict[int, Sequence[Place]] = {}
        self._vocabularies: dict[str, dict[str, set[str]]] = {}

    @cached_property
    def folded(self) -> Folded:
        return fold(self.text)

    @cached_property
    def words(self) -> WordIndex:
        return WordIndex(self.folded)

    @cached_property
    def data(self) -> bytes:
        """The text in UTF-8; lone surrogates, for which it has no place, are replaced one for one."""
        return self.text.encode("utf-8", "replace")

    def vocabulary(self, algorithm: str) -> dict[str, set[str]]:
        if algorithm not in self._vocabularies:
            self._vocabularies[algorithm] = vocabulary(self.folded, algorithm)
        return self._vocabularies[algorithm]

    def occurrences(self, text: str) -> Iterator[int]:
        """Where a text stands in the folded words; occurrences may overlap."""
        words = self.folded.words
        start = words.find(text)
        while start >= 0:
            yield start
            start = words.find(text, start + 1)

    def places(self, matcher: Matcher) -> Sequence[Place]:
        """All places of a term, in order."""
        starts: Sequence[int] | None = None
        if self.found is not None and matcher.literal:
            starts = self.found.get(matcher.literal)
            if starts is None:
                return NOWHERE
        known = self._places.get(matcher.id)
        if known is None:
            known = matcher.find_all(self.folded) if starts is None else matcher.find(self.folded, starts)
            if self.whole:
                known = [place for place in known if self._is_whole(place, matcher)]
            self._places[matcher.id] = known
        return known

    def _is_whole(self, place: Place, matcher: Matcher) -> bool:
        if place.first >= 0 and not self.folded.words.strip():
            return place.last - place.first == len(self.text.strip())
        return place.start == 1 and (matcher.open or place.end == len(self.folded.words) - 1)

    def bounds(self, place: Place) -> tuple[int, int]:
        """Code points of `text`."""
        if place.first >= 0:
            return place.first, place.last
        return self.folded.start(place.start), self.folded.end(place.end)


class Beginning(Part):
    """The first words of another part, for `lead:`."""

    def __init__(self, part: Part, words: int) -> None:
        # Up to the next word: what stands behind the last one may be a sign that is asked for, or what a pattern ends with.
        limit = part.words.end_of(words)
        super().__init__(part.name, part.text if limit >= len(part.folded.words) else part.text[: part.folded.start(limit)])


class View:
    """The parts of an article that a term is looked for in: title and body, or those of a field."""

    def __init__(self, article: Article, parts: Sequence[Part], fields: dict[str, View] | None = None, name: str = "") -> None:
        self.article = article
        self.name = name  # of the field; "" for title and body together
        self.parts = parts
        self._fields = {} if fields is None else fields

    @classmethod
    def of(cls, article: Article) -> View:
        view = cls(article, (Part("title", article.title or ""), Part("body", article.body or "")))
        view._fields["title"] = cls(article, view.parts[:1], view._fields, "title")
        view._fields["body"] = cls(article, view.parts[1:], view._fields, "body")
        return view

    def field(self, name: str) -> View:
        """What a field of the query language holds."""
        view = self._fields.get(name)
        if view is None:
            view = self._fields[name] = View(self.article, self._parts_of(name), self._fields, name)
        return view

    def _parts_of(self, name: str) -> Sequence[Part]:
        article = self.article
        if name == "lead":
            title, body = self._fields["title"].parts[0], self._fields["body"].parts[0]
            return (title, Beginning(body, LEAD_WORDS))
        if name == "author":
            return _part(name, article.author)
        if name == "site":
            return _part(name, article.site) or self.host()
        if name == "tag":
            return tuple(Part(name, tag, whole=True) for tag in article.tags)
        if name == "feed":
            return tuple(Part(name, feed) for feed, _ in article.feeds)
        return _part(name, article.language if name == "lang" else article.url)

    def host(self) -> tuple[Part, ...]:
        """The host of the article's URL, as a part of the URL."""
        host = host_of(self.article.url)
        return (Part("url", host, offset=(self.article.url or "").lower().find(host)),) if host else ()


def _part(name: str, text: str | None) -> tuple[Part, ...]:
    return (Part(name, text),) if text else ()
