"""From a query's text to tokens: each unit and operator is judged by itself here, what binds to what is the grammar's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.rules import colons, quotes, regex, slips
from monitor.rules.entities import Entities
from monitor.rules.faults import Fault
from monitor.rules.fields import WITH_COLON
from monitor.rules.quotes import QUOTES, run_at
from monitor.rules.terms import check_text
from monitor.rules.tree import Entity, Regex, Stem, Term

MAX_BRACKETS = 1000
MAX_NUMBER = 999

_SPACE = re.compile(r"\s*")
_PHRASE = re.compile(rf"[{QUOTES}]([^{QUOTES}]*)[{QUOTES}]")
_REGEX = re.compile(r"/([^/\\]*(?:\\.[^/\\]*)*)/", re.DOTALL)
_COLON = re.compile(rf"({'|'.join(WITH_COLON)}):")
_DISTANCE = re.compile(r"(O?NEAR|ATLEAST)(?:/(.*))?", re.DOTALL)
_NOT_NEAR = re.compile(rf"NOT\s+((O)?NEAR(?:/[^\s(){QUOTES}]*)?)(?=[\s(){QUOTES}]|$)")
_PLAIN = {"AND": "_AND", "OR": "_OR", "NOT": "NOT"}


class Token:
    """What the grammar is fed. `value` is a unit's node, ATLEAST's count, NEAR's (distance, ordered, negated), a field's name."""

    __slots__ = ("end", "start", "type", "value")

    # lark gives its end token the last one's place; ours is told by the scanner.
    line = column = end_line = end_column = start_pos = end_pos = 0

    def __init__(self, kind: str, start: int, end: int, value: object = None) -> None:
        self.type = kind
        self.start = start
        self.end = end
        self.value = value


class Scanner:
    """Iterates over the tokens of `text`. `previous` is the last token the parser took, `brackets` those still open."""

    def __init__(self, text: str, entities: Entities) -> None:
        self.text = text
        self.entities = entities
        self.previous: Token | None = None
        self.brackets: list[int] = []

    def __iter__(self) -> Iterator[Token]:
        text, at = self.text, 0
        while True:
            space = _SPACE.match(text, at)
            at = space.end() if space else at
            if at == len(text):
                return
            token = self._bracket(at) if text[at] in "()" else self._unit(at)
            yield token
            if token.type == "RPAR":  # the grammar took it, so it closes one
                self.brackets.pop()
            self.previous = token
            at = token.end

    def attached(self, at: int) -> bool:
        """Whether a field's colon stands right before: what follows is its term, be it `or` (Odia) or not."""
        return self.previous is not None and self.previous.type == "FIELD" and self.previous.end == at

    def _bracket(self, at: int) -> Token:
        if self.text[at] == "(":
            if len(self.brackets) == MAX_BRACKETS:
                raise Fault(f"brackets are nested more than {MAX_BRACKETS} deep", at, at + 1, advice="split the query into several rules")
            self.brackets.append(at)
            return Token("LPAR", at, at + 1)
        return Token("RPAR", at, at + 1)

    def _unit(self, at: int) -> Token:
        char = self.text[at]
        if char in QUOTES:
            return self._phrase(at, at, exact=False)
        if char == "/":
            return self._regex(at)
        if char == "=":
            return self._exact(at)
        known = _COLON.match(self.text, at)
        if known:
            return self._after_colon(at, known.group(1), known.end())
        word = run_at(self.text, at)
        if not word.isalnum():
            slips.check_minus(self.text, at, word)
            colon = word.find(":")
            if colon > 0 and any(letter.isalpha() for letter in word[:colon]) and not self._is_address(at, word):
                raise colons.unknown_field(self.text, at, word, colon)
        return self._operator(at, word) or self._bare(at, at, word, exact=False)

    # -- operators ----------------------------------------------------------------------------------------------------

    def _operator(self, at: int, word: str) -> Token | None:
        kind = _PLAIN.get(word)
        if kind == "NOT":
            not_near = _NOT_NEAR.match(self.text, at)
            if not_near:
                return self._not_near(at, not_near)
        if kind:
            return Token(kind, at, at + len(word))
        distance = _DISTANCE.fullmatch(word)
        if distance is None:
            if not self.attached(at):
                slips.check_operator(self.text, at, word)
            return None
        number = self._number(at, word)
        if distance.group(1) == "ATLEAST":
            return Token("ATLEAST", at, at + len(word), number)
        return Token("NEAR", at, at + len(word), (number, distance.group(1) == "ONEAR", False))

    def _not_near(self, at: int, found: re.Match[str]) -> Token:
        number = self._number(found.start(1), found.group(1))
        if found.group(2):
            raise slips.not_onear(at, found.end(), number)
        return Token("NEAR", at, found.end(), (number, False, True))

    def _number(self, at: int, word: str) -> int | str:
        name, _, number = word.partition("/")
        counts = name == "ATLEAST"
        if not counts and number in ("S", "P"):
            return number
        plain = number.isascii() and number.isdigit()
        if plain and not number[:-3].strip("0") and (not counts or number.strip("0")):
            return int(number[-3:])
        raise slips.wrong_number(self.text, at, word, 1 if counts else 0, MAX_NUMBER)

    # -- units --------------------------------------------------------------------------------------------------------

    def _phrase(self, at: int, quote: int, *, exact: bool) -> Token:
        found = _PHRASE.match(self.text, quote)
        if not found:
            raise quotes.unclosed(self.text, quote)
        quotes.check_after_phrase(self.text, at, quote, found.end())
        check_text(found.group(1), quote + 1, whole=(at, found.end()), quoted=True)
        return Token("TERM", at, found.end(), Term(found.group(1), exact, at, found.end()))

    def _exact(self, at: int) -> Token:
        after = self.text[at + 1 : at + 2]
        if after and after in QUOTES:
            return self._phrase(at, at + 1, exact=True)
        word = run_at(self.text, at + 1)
        if not word or after in "-/=*":
            raise slips.wrong_exact(self.text, at)
        colon = word.find(":")
        if colon > 0 and any(letter.isalpha() for letter in word[:colon]):
            raise colons.exact_field(at, word, colon)
        return self._bare(at, at + 1, word, exact=True)

    def _bare(self, at: int, start: int, word: str, *, exact: bool) -> Token:
        end = start + len(word)
        if not word.isalnum():
            slips.check_bare(self.text, start, word, in_field=self.attached(at))
            check_text(word, start, whole=(at, end), quoted=False)
        quotes.check_after_bare(self.text, start, end)
        return Token("TERM", at, end, Term(word, exact, at, end))

    def _regex(self, at: int) -> Token:
        found = _REGEX.match(self.text, at)
        if not found:
            raise regex.unclosed(self.text, at)
        end = found.end()
        if end < len(self.text) and not self.text[end].isspace() and self.text[end] != ")":
            raise regex.followed(self.text, at, end)
        why = regex.complaint(found.group(1))
        if why:
            raise regex.wrong(self.text, at, end, why)
        return Token("REGEX", at, end, Regex(found.group(1), at, end))

    # -- what stands after a colon ------------------------------------------------------------------------------------

    def _is_address(self, at: int, word: str) -> bool:
        """`url:https://…` and `feed:https://…`: that colon is the address's; no field's term begins with two slashes."""
        previous = self.previous
        return previous is not None and self.attached(at) and previous.value in ("url", "feed") and bool(re.match(r"[A-Za-z]+://", word))

    def _after_colon(self, at: int, name: str, after: int) -> Token:
        if name == "entity":
            return self._entity(at, after)
        if name == "stem":
            return self._stem(at, after)
        return Token("FIELD", at, after, name)

    def _entity(self, at: int, after: int) -> Token:
        is_type = self.text.startswith("type/", after)
        start = after + len("type/") if is_type else after
        phrase = _PHRASE.match(self.text, start)
        name = phrase.group(1) if phrase else run_at(self.text, start)
        if not name.strip() or name[0] in "=/*-":
            raise colons.wrong_entity(self.text, at, start, self.entities)
        end = phrase.end() if phrase else start + len(name)
        if phrase:
            quotes.check_after_phrase(self.text, at, start, end)
        else:
            quotes.check_after_bare(self.text, start, end)
        known = self.entities.of_type(name) if is_type else self.entities.get(name)
        if known is None:
            if is_type:
                raise colons.unknown_type(at, end, name, self.entities)
            raise colons.unknown_entity(self.text, at, start, end, name, self.entities)
        return Token("ENTITY", at, end, Entity(known.name, known.names, at, end))

    def _stem(self, at: int, after: int) -> Token:
        word = run_at(self.text, after)
        if not colons.is_word(word):
            raise colons.wrong_stem(self.text, at, after, word)
        quotes.check_after_bare(self.text, after, after + len(word))
        return Token("STEM", at, after + len(word), Stem(word, at, after + len(word)))
