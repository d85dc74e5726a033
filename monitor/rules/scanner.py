"""From a query's text to tokens: each unit and operator is judged by itself here, what binds to what is the grammar's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.rules import slips
from monitor.rules.entities import Entities
from monitor.rules.faults import Fault
from monitor.rules.fields import FIELDS
from monitor.rules.regex import complaint
from monitor.rules.terms import check_text
from monitor.rules.tree import Entity, Regex, Stem, Term

MAX_BRACKETS = 1000
MAX_DISTANCE = 999
QUOTES = '"“”„'

_SPACE = re.compile(r"\s*")
_BARE = re.compile(rf"[^\s(){QUOTES}]+")
_PHRASE = re.compile(rf"[{QUOTES}]([^{QUOTES}]*)[{QUOTES}]")
_REGEX = re.compile(r"/([^/\\]*(?:\\.[^/\\]*)*)/", re.DOTALL)
_OPERATOR = re.compile(r"(O?NEAR|ATLEAST)(?:/(.*))?", re.DOTALL)
_NOT_NEAR = re.compile(rf"NOT\s+(NEAR(?:/[^\s(){QUOTES}]*)?)(?=[\s(){QUOTES}]|$)")
_PLAIN_OPERATORS = {"AND": "_AND", "OR": "_OR", "NOT": "NOT"}


class Token:
    """What the grammar is fed. `value` is the unit's node, a distance, a count or a field's name."""

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
            self.previous = token
            at = token.end

    def _bracket(self, at: int) -> Token:
        if self.text[at] == "(":
            if len(self.brackets) == MAX_BRACKETS:
                raise Fault(f"brackets are nested more than {MAX_BRACKETS} deep", at, at + 1, advice="split the query into several rules")
            self.brackets.append(at)
            return Token("LPAR", at, at + 1)
        if self.brackets:
            self.brackets.pop()
        return Token("RPAR", at, at + 1)

    def _unit(self, at: int) -> Token:
        char = self.text[at]
        if char in QUOTES:
            return self._phrase(at, at, exact=False)
        if char == "/":
            return self._regex(at)
        if char == "=":
            return self._exact(at)
        found = _BARE.match(self.text, at)
        word = found.group() if found else ""
        if word.isalnum():
            return self._operator(at, word) or self._bare(at, at, word, exact=False)
        colon = word.find(":")
        if colon > 0 and any(letter.isalpha() for letter in word[:colon]) and not self._is_address(at, word):
            return self._with_colon(at, word, colon)
        return self._operator(at, word) or self._bare(at, at, word, exact=False)

    # -- operators ----------------------------------------------------------------------------------------------------

    def _attached(self, at: int) -> bool:
        """Whether a field's colon stands right before: what follows is its term, be it `or` (Odia) or not."""
        return self.previous is not None and self.previous.type == "FIELD" and self.previous.end == at

    def _operator(self, at: int, word: str) -> Token | None:
        kind = _PLAIN_OPERATORS.get(word)
        if kind == "NOT":
            not_near = _NOT_NEAR.match(self.text, at)
            if not_near:
                distance = self._number(not_near.start(1), not_near.group(1))
                return Token("NEAR", at, not_near.end(), (distance, False, True))
        if kind:
            return Token(kind, at, at + len(word))
        operator = _OPERATOR.fullmatch(word)
        if operator:
            number = self._number(at, word)
            if operator.group(1) == "ATLEAST":
                return Token("ATLEAST", at, at + len(word), number)
            return Token("NEAR", at, at + len(word), (number, operator.group(1) == "ONEAR", False))
        if not self._attached(at):
            slips.check_operator(self.text, at, word)
        return None

    def _number(self, at: int, word: str) -> int | str:
        name, _, number = word.partition("/")
        if name != "ATLEAST" and number in ("S", "P"):
            return number
        lowest = 1 if name == "ATLEAST" else 0
        if number.isascii() and number.isdigit() and lowest <= int(number[-4:]) <= MAX_DISTANCE and not number[:-4].strip("0"):
            return int(number[-4:])
        raise slips.wrong_number(self.text, at, word, lowest, MAX_DISTANCE)

    # -- units --------------------------------------------------------------------------------------------------------

    def _phrase(self, at: int, quote: int, *, exact: bool) -> Token:
        found = _PHRASE.match(self.text, quote)
        if not found:
            raise slips.unclosed_quote(self.text, quote)
        slips.check_after_phrase(self.text, quote, found.end())
        check_text(found.group(1), quote + 1, whole=(at, found.end()), quoted=True)
        return Token("TERM", at, found.end(), Term(found.group(1), exact, at, found.end()))

    def _exact(self, at: int) -> Token:
        after = self.text[at + 1 : at + 2]
        if after and after in QUOTES:
            return self._phrase(at, at + 1, exact=True)
        found = _BARE.match(self.text, at + 1)
        if not found or after in "-/=*":
            raise slips.wrong_exact(self.text, at)
        word = found.group()
        colon = word.find(":")
        if colon > 0 and any(letter.isalpha() for letter in word[:colon]):
            raise slips.exact_field(self.text, at, word, colon)
        return self._bare(at, at + 1, word, exact=True)

    def _bare(self, at: int, start: int, word: str, *, exact: bool) -> Token:
        end = start + len(word)
        if not word.isalnum():
            slips.check_bare(self.text, start, word, self._attached(at) and self.previous)
            check_text(word, start, whole=(at, end), quoted=False)
        slips.check_after_bare(self.text, start, end)
        return Token("TERM", at, end, Term(word, exact, at, end))

    def _regex(self, at: int) -> Token:
        found = _REGEX.match(self.text, at)
        if not found:
            raise slips.unclosed_regex(self.text, at)
        end = found.end()
        if end < len(self.text) and not (self.text[end].isspace() or self.text[end] == ")"):
            raise slips.after_regex(self.text, at, end)
        why = complaint(found.group(1))
        if why:
            raise slips.wrong_regex(self.text, at, end, why)
        return Token("REGEX", at, end, Regex(found.group(1), at, end))

    def _is_address(self, at: int, word: str) -> bool:
        """`url:https://…` and `feed:https://…`: the colon is the address's, no field could be followed by two slashes."""
        return self._attached(at) and self.previous is not None and self.previous.value in ("url", "feed") and "://" in word

    def _with_colon(self, at: int, word: str, colon: int) -> Token:
        name, after = word[:colon], at + colon + 1
        if name == "entity":
            return self._entity(at, after)
        if name == "stem":
            return self._stem(at, after, word[colon + 1 :])
        if name in FIELDS:
            return Token("FIELD", at, after, name)
        raise slips.unknown_field(self.text, at, word, colon)

    def _entity(self, at: int, after: int) -> Token:
        is_type = self.text.startswith("type/", after)
        start = after + len("type/") if is_type else after
        found = _PHRASE.match(self.text, start) or _BARE.match(self.text, start)
        if not found or self.text[start] in "=/*-":
            raise slips.wrong_entity(self.text, at, start, self.entities)
        end = found.end()
        name = found.group(1) if found.re is _PHRASE else found.group()
        if found.re is _PHRASE:
            slips.check_after_phrase(self.text, start, end)
        else:
            slips.check_after_bare(self.text, start, end)
        known = self.entities.of_type(name) if is_type else self.entities.get(name)
        if known is None:
            raise slips.unknown_entity(self.text, at, start, end, name, self.entities, is_type=is_type)
        return Token("ENTITY", at, end, Entity(known.name, known.names, at, end))

    def _stem(self, at: int, after: int, word: str) -> Token:
        end = after + len(word)
        if not word or not all(char.isalnum() or slips.is_mark(char) for char in word):
            raise slips.wrong_stem(self.text, at, after, word)
        slips.check_after_bare(self.text, after, end)
        return Token("STEM", at, end, Stem(word, at, end))
