"""stem:WORD: words with the same stem in the article's language; English where it is unknown (decision 19)."""

from __future__ import annotations

from monitor.rules.article import View
from monitor.rules.operators.base import Builder, Operator
from monitor.rules.places import Hit
from monitor.rules.stems import stem_places
from monitor.rules.tree import Stem


class StemOf(Operator):
    def __init__(self, node: Stem, builder: Builder) -> None:
        super().__init__(node, builder)
        self.matcher = builder.matcher(node.word, False)
        self.term = f"stem:{node.word}"

    def evaluate(self, view: View) -> list[Hit] | None:
        language = view.article.language
        return [Hit(part, place, self.term) for part in view.parts for place in stem_places(part, self.matcher, language)] or None
