"""Which of many rules may have come near an article: those that the slower judgement of `nearmiss` is worth.

A rule is left out only where that judgement would say "no-term" and "no": none of its words, nor anything like them, is there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from monitor.model import Article
from monitor.rules.article import View
from monitor.rules.evidence import OTHER_FIELDS, Vocabulary, long_enough, one_edit, without_one
from monitor.rules.fold import Folded, fold
from monitor.rules.literals import Word, take_apart
from monitor.rules.query import Query
from monitor.rules.scan import Scan
from monitor.rules.structure import children, true_of_nothing
from monitor.rules.tree import Entity, Field, Node, Not, Regex, Stem, Term

_RUNS = ("cjk", "unspaced")


class Glance:
    """The words of many rules, compiled once and asked for each article."""

    def __init__(self, queries: Mapping[str, Query]) -> None:
        self._always: set[str] = set()  # rules with a part that no word of a text tells of: a pattern, a stem, an address
        self._rules: list[set[str]] = []  # of each term: the rules it is of
        self._terms: list[tuple[Word, ...]] = []
        self._numbers: dict[tuple[str, ...], int] = {}
        for name, query in queries.items():
            self._take(name, query.tree, "")
        self._of_word: defaultdict[str, list[int]] = defaultdict(list)
        for number, words in enumerate(self._terms):
            for text in {word.text for word in words}:
                self._of_word[text].append(number)
        self._runs = [number for number, words in enumerate(self._terms) if words[0].group in _RUNS and long_enough(words)]
        self._scan = Scan(self._of_word)
        self._shortened: defaultdict[str, list[str]] = defaultdict(list)
        spelt = {word.text for words in self._terms if words[0].group not in _RUNS and long_enough(words) for word in words}
        for text in spelt:
            for short in {text, *without_one(text)}:
                self._shortened[short].append(text)

    def _take(self, name: str, node: Node, field: str) -> None:
        if isinstance(node, Field):
            field = node.name
        if isinstance(node, Regex | Stem) or (isinstance(node, Not) and true_of_nothing(node.part)):
            self._always.add(name)
        elif isinstance(node, Term):
            self._take_term(name, node, field)
        elif isinstance(node, Entity):
            for names in node.names:
                for term in names.terms:
                    self._take_term(name, term, field)
        for part in children(node):
            self._take(name, part, field)

    def _take_term(self, name: str, term: Term, field: str) -> None:
        if field == "lang":
            return
        words = take_apart(term.text).words
        if not words or field in ("url", "feed") or (field == "site" and not term.text.isascii()):
            self._always.add(name)
            return
        key = tuple(word.text for word in words)
        number = self._numbers.setdefault(key, len(self._terms))
        if number == len(self._terms):
            self._terms.append(words)
            self._rules.append(set())
        self._rules[number].add(name)

    def near(self, article: Article, furniture: str = "") -> set[str]:
        """The rules that may match the article or have come near it; `furniture` is the text that was cut from its page."""
        view = View.of(article)
        texts = [part.folded for part in view.parts]
        spread = [part.text for field in OTHER_FIELDS[2:] for part in view.field(field).parts]
        texts += [fold(text) for text in (*spread, *(part.text for part in view.host()), furniture) if text]
        standing = self._standing(texts)
        misspelt = self._misspelt([Vocabulary(part) for part in view.parts])
        terms = {number for word in standing for number in self._of_word[word] if self._all_stand(number, standing)}
        terms.update(number for word in misspelt for number in self._of_word[word] if self._all_stand(number, standing | {word}))
        letters = set("".join(part.folded.words for part in view.parts))
        for number in self._runs:
            run = "".join(word.text for word in self._terms[number])
            if sum(char in letters for char in run) >= len(run) - 1:
                terms.add(number)
        return self._always.union(*(self._rules[number] for number in terms))

    def _all_stand(self, number: int, standing: set[str]) -> bool:
        return all(word.text in standing for word in self._terms[number])

    def _standing(self, texts: Sequence[Folded]) -> set[str]:
        """Words that stand somewhere, be it inside of others, or with a space in them."""
        literals = self._scan.literals
        found = {literals[number] for text in texts for number in self._scan.find(text).starts}
        for text in texts[:2]:
            found.update(literals[number] for number in self._scan.find(fold(text.words.replace(" ", ""))).starts)
        return found

    def _misspelt(self, vocabularies: Sequence[Vocabulary]) -> set[str]:
        """Words that are one edit away from a word of the text."""
        return {text for vocabulary in vocabularies for word in vocabulary.words for text in self._around(word)}

    def _around(self, word: str) -> Iterator[str]:
        for short in {word, *without_one(word)}:
            for text in self._shortened.get(short, ()):
                if one_edit(word, text):
                    yield text
