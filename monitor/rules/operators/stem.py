"""stem:WORD: words with the same stem in the article's language (decision 19)."""

from __future__ import annotations

from monitor.rules.article import View
from monitor.rules.operators.base import Builder, Operator
from monitor.rules.places import Hit, Place
from monitor.rules.stems import algorithm_of, wanted_stems
from monitor.rules.tree import Stem
from monitor.rules.wake import WHOLE_TEXT, Wake, key


class StemOf(Operator):
    def __init__(self, node: Stem, builder: Builder) -> None:
        super().__init__(node, builder)
        self.matcher = builder.matcher(node.word, False)
        self.term = f"stem:{node.word}"

    def evaluate(self, view: View) -> list[Hit] | None:
        algorithm = algorithm_of(view.article.language)
        hits: list[Hit] = []
        for part in view.parts:
            places = set(part.places(self.matcher))
            vocabulary = part.vocabulary(algorithm)
            for stem in wanted_stems(self.node.word, algorithm):
                for word in vocabulary.get(stem, ()):
                    places.update(Place(start + 1, start + 1 + len(word)) for start in part.occurrences(f" {word} "))
            hits.extend(Hit(part, place, self.term) for place in sorted(places))
        return hits or None

    def wake(self, field: str | None = None) -> Wake:
        return frozenset((key("stem", self.node.word), self.matcher.literal)) if field in WHOLE_TEXT else None
