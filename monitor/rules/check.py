"""What is allowed and likely not meant: queries that can't match, that cost much, or that say less than they seem to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from monitor.rules.contradiction import contradictions
from monitor.rules.faults import shown
from monitor.rules.query import QueryWarning
from monitor.rules.quotes import QUOTES
from monitor.rules.structure import children
from monitor.rules.tree import And, Field, Node, Not, Regex, Term

_PREFIX = re.compile(r"(\w+)\*")
_SPACELESS = ("CJK", "HANGUL", "HIRAGANA", "KATAKANA")
_LANGUAGES = {  # what is written for the codes of ISO 639-1
    "ko": "korean kor kr",
    "en": "english eng",
    "ja": "japanese jpn jp",
    "zh": "chinese zho chi cn",
    "ru": "russian rus",
    "de": "german deu ger",
    "fr": "french fra fre",
    "es": "spanish spa",
    "ar": "arabic ara",
    "he": "hebrew heb iw",
    "th": "thai tha",
    "tr": "turkish tur",
    "el": "greek ell gre gr",
    "hi": "hindi hin",
    "vi": "vietnamese vie",
    "uk": "ukrainian ukr ua",
}
_CODES = {word: code for code, words in _LANGUAGES.items() for word in words.split()}
_OPENING, _CLOSING = "'‘‚‹«‟「『＂〝", "'’›»”」』＂〞"
_ODD = (
    (re.compile(r"\w\?\w"), "'?' is punctuation here, not a wildcard", "write the spellings with OR, or a /regex/"),
    (re.compile(r"\w\|\w"), "'|' is punctuation here", "write OR between the words"),
    (re.compile(r"^!\w"), "'!' is punctuation here", "write NOT for 'without'"),
    (re.compile(r"^\+[^\W\d]"), "'+' is looked for as it stands", "leave it out: side by side already means AND"),
    (re.compile(r"^[（［\[{]|[）］\]}]$"), "this bracket is punctuation here", "write ( and ) to group terms"),
)


def nodes(tree: Node) -> Iterator[Node]:
    """Every node, parents before their parts, in text order."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))


def fields_used(tree: Node) -> frozenset[str]:
    """The fields that the query names."""
    return frozenset(node.name for node in nodes(tree) if isinstance(node, Field))


def warnings_of(tree: Node, text: str) -> tuple[QueryWarning, ...]:
    """The warnings of a query, in text order."""
    found: list[QueryWarning] = []
    conjunction = False
    waiting: list[tuple[Node, str]] = [(tree, "")]
    while waiting:
        node, field = waiting.pop()
        if isinstance(node, Term):
            if not node.text.isalnum() or field in ("site", "lang"):
                found.extend(_of_term(node, field, text))
            continue
        if isinstance(node, Regex):
            found.extend(_of_regex(node))
            continue
        conjunction |= isinstance(node, And)
        if isinstance(node, Field):
            found.extend(_of_field(node, field))
            field = node.name
        elif isinstance(node, Not) and isinstance(node.part, Not):
            found.append(QueryWarning("NOT NOT says nothing: the two cancel each other", node.start, node.end, "leave both out"))
        waiting.extend((part, field) for part in children(node))
    if conjunction:
        found.extend(
            QueryWarning("this can never match: it needs what it excludes", node.start, node.end, "leave one of the two out")
            for node in contradictions(tree)
        )
    return tuple(sorted(found, key=lambda warning: (warning.start, warning.end)))


def _of_field(node: Field, outer: str) -> Iterator[QueryWarning]:
    if outer:
        why = f"{node.name}: stands inside {outer}:, and only {node.name}: counts here"
        yield QueryWarning(why, node.start, node.end, f"write {outer}: and {node.name}: side by side")


def _of_term(term: Term, field: str, text: str) -> Iterator[QueryWarning]:
    for prefix in _PREFIX.finditer(term.text):
        if len(prefix.group(1)) == 2 and not unicodedata.name(prefix.group(1)[0], "").startswith(_SPACELESS):
            why = f"'{prefix.group()}' is costly: a prefix of two letters stands at the head of very many words"
            yield QueryWarning(why, term.start, term.end, "write three letters or more before the '*'")
    if term.start == term.end or text[term.end - 1] in QUOTES:
        return
    if field == "site":
        yield from _of_site(term)
    elif field == "lang":
        yield from _of_language(term)
    elif field not in ("url", "feed"):
        for odd, why, advice in _ODD:
            if odd.search(term.text):
                yield QueryWarning(f"{why}: '{shown(term.text)}'", term.start, term.end, advice)
        if term.text[0] in _OPENING and any(mark in text[term.start + 1 :] for mark in _CLOSING):
            why = f"this quote holds no phrase: '{shown(term.text)}'"
            yield QueryWarning(why, term.start, term.end, 'write double quotes: "…"')
        if term.text[-1] in ",;" and text[term.end : term.end + 1].isspace() and text[term.end :].strip():
            yield QueryWarning(f"'{term.text[-1]}' is no operator: side by side means AND", term.start, term.end, "write OR or AND")


def _of_site(term: Term) -> Iterator[QueryWarning]:
    host, path, _ = term.text.partition("/")
    if path:
        yield QueryWarning(f"site: takes a host, not a path: '{shown(term.text)}'", term.start, term.end, f"write site:{host}, or url:")
    elif "." not in host:
        why = f"'{shown(host)}' has no dot, so it is looked for in the site's name"
        yield QueryWarning(why, term.start, term.end, f'write the host, as in site:{shown(host)}.com, or site:"{shown(host)}"')


def _of_language(term: Term) -> Iterator[QueryWarning]:
    word = term.text.lower()
    code = _CODES.get(word)
    if code:
        yield QueryWarning(f"'{shown(word)}' is no code of a language", term.start, term.end, f"write lang:{code}")
    elif not re.fullmatch("[a-z]{2,3}", word):
        primary = re.match("[a-z]{2,3}(?=[-_])", word)
        advice = f"write lang:{primary.group()}" if primary else "write a code of two or three letters, as in lang:ko"
        yield QueryWarning(f"lang: takes the code of a language alone, not '{shown(word)}'", term.start, term.end, advice)


def _of_regex(regex: Regex) -> Iterator[QueryWarning]:
    from monitor.rules.regex_literals import needed_literals  # it needs the tables of the text form, most queries do not

    if needed_literals(regex.pattern) is None:
        why = "this regex is costly: it has no three letters in a row that must be there, so it runs on every article"
        yield QueryWarning(why, regex.start, regex.end, "write a longer word in it, or join it with a term by AND")
