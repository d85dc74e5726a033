"""What stands before and after a colon: fields, entities, stems, and words that only look like them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from monitor.rules.faults import Fault, Remedy, nearest, shown
from monitor.rules.fields import FIELDS, WITH_COLON
from monitor.rules.quotes import QUOTES, empty, quoted, run_at, unclosed, unquote

if TYPE_CHECKING:
    from monitor.rules.entities import Entities

_ELSEWHERE = {  # what other languages call our fields
    **dict.fromkeys(("intitle", "allintitle", "headline", "hl", "heading", "subject"), "title"),
    **dict.fromkeys(("intext", "text", "content", "fulltext", "article"), "body"),
    **dict.fromkeys(("leadpara", "intro", "first"), "lead"),
    **dict.fromkeys(("by", "byline", "writer", "from", "journalist"), "author"),
    **dict.fromkeys(("source", "domain", "host", "publisher", "publication", "insite", "paper"), "site"),
    **dict.fromkeys(("rss", "channel"), "feed"),
    **dict.fromkeys(("label", "category", "topic", "section"), "tag"),
    **dict.fromkeys(("language", "la", "locale"), "lang"),
    **dict.fromkeys(("inurl", "link", "href", "address", "path"), "url"),
    **dict.fromkeys(("person", "org", "company", "concept"), "entity"),
}
_NAME = re.compile(r"[^\W_][\w.&'+-]*")


def is_word(text: str) -> bool:
    """Whether it is one word of letters, digits and marks."""
    return bool(text) and all(char.isalnum() or unicodedata.category(char)[0] == "M" for char in text)


def unknown_field(text: str, at: int, word: str, colon: int) -> Fault:
    """Letters before a colon that are no field's name."""
    name, rest = word[:colon], word[colon + 1 :]
    end = at + len(word)
    if rest.startswith("//"):
        return _address(text, at, word, rest)
    operator = name.upper()
    if operator in ("NEAR", "ONEAR", "ATLEAST") and rest.isalnum():
        right = f"{operator}/{rest}"
        return Fault(f"{operator} takes its number after a slash", at, end, Remedy(right, f"write {shown(right)}"))
    near = _ELSEWHERE.get(name.lower()) or nearest(name, WITH_COLON)
    words = quoted(word) if rest else name
    in_words = f"write {quoted(shown(word))} in quotes for the words" if rest else "leave the colon out"
    remedies = []
    if near:
        remedies.append(Remedy(f"{near}:{rest}", f"did you mean {near}:? Or {in_words}"))
    in_words += f"; fields are {', '.join(f'{field}:' for field in FIELDS)}"
    remedies += [Remedy(words, in_words), Remedy(f"{words} ", in_words)]
    return Fault(f"there is no field '{shown(name)}'", at, end, *remedies)


def _address(text: str, at: int, word: str, rest: str) -> Fault:
    """An address as a bare word: its scheme would be a field."""
    before = re.search(rf"\b({'|'.join(FIELDS)}):=?$", text[max(0, at - 10) : at])
    host = re.match(r"//([\w.-]*)", rest)
    right = host.group(1) if host else ""
    words = Remedy(quoted(word), f"write {quoted(shown(word))} in quotes")
    if before:
        of_site = before.group(1) == "site" and right
        remedies = [Remedy(right, f"write site:{shown(right)}"), words] if of_site else [words]
    elif right and len(rest.rstrip("/")) == len(right) + 2:
        remedies = [Remedy(f"site:{right}", f"write site:{shown(right)}, or the address in quotes"), words]
    else:
        remedies = [Remedy(f'url:"{word}"', f'write url:"{shown(word)}", or the address in quotes'), words]
    return Fault(f"an address needs a field or quotes: '{shown(word)}'", at, at + len(word), *remedies)


def exact_field(at: int, word: str, colon: int) -> Fault:
    """`=` before a field: it belongs after the colon."""
    name, rest = word[:colon], word[colon + 1 :]
    end = at + 1 + len(word)
    if name in FIELDS:
        right = f"{name}:={rest}"
        return Fault(f"'=' stands before the field {name}:", at, end, Remedy(right, f"write {shown(right)}"), Remedy(word, "leave '=' out"))
    if name in WITH_COLON:
        return Fault(f"'=' can't stand before {name}:", at, end, Remedy(word, f"write {shown(word)}"))
    right = f"={quoted(word)}"
    return Fault(f"there is no field '{shown(name)}'", at, end, Remedy(right, f"write {shown(right)} for the words"))


# -- entities ---------------------------------------------------------------------------------------------------------


def entity_text(name: str) -> str:
    """`entity:` with a name as the configuration writes it, or with "type/TYPE"; quoted where it must be."""
    kind, bare = ("type/", name[len("type/") :]) if name.startswith("type/") else ("", name)
    return f"entity:{kind}{bare if _NAME.fullmatch(bare) else quoted(unquote(bare))}"


def wrong_entity(text: str, at: int, start: int, entities: Entities) -> Fault:
    """`entity:` without a name, or with something before the name."""
    following = text[start : start + 1]
    if following and following in QUOTES:
        closing = re.compile(f"[{QUOTES}]").search(text, start + 1)
        return empty(at, closing.end()) if closing else unclosed(text, start)
    if following == "(":
        advice = "write entity: before each name inside the bracket"
        return Fault("entity: takes one name, not a bracket", at, start, Remedy("", advice), advice=advice)
    word = run_at(text, start)
    rest = word.lstrip("=-*/")
    remedies = [Remedy(f"entity:{rest}", f"write entity:{shown(rest)}")] if rest else []
    if not word:
        apart = re.compile(r"\s+").match(text, start)
        if apart:
            remedies.append(Remedy(text[at:start], "write the name right after the colon"))
            return Fault("entity: needs a name right after it", at, apart.end(), *remedies, *_samples(entities))
    return Fault(
        "entity: needs the name of an entity", at, start + len(word), *remedies, *_samples(entities), advice="write a name after the colon"
    )


def _samples(entities: Entities) -> list[Remedy]:
    return [Remedy(f"{entity_text(name)} ", f"write a name, as in {entity_text(name)}") for name in entities.names[:1]]


def unknown_entity(text: str, at: int, start: int, end: int, name: str, entities: Entities) -> Fault:
    """A name that no entity has."""
    longer = _longest_name(text, start, entities)
    what = f"there is no entity '{shown(name)}'"
    if longer:
        right = entity_text(longer[0])
        return Fault(what, at, longer[1], Remedy(right, f"write {right}: a name of several words stands in quotes"))
    words = Remedy(quoted(name), f"write {quoted(shown(name))} for the words, or add the entity to the configuration")
    by_alias = entities.owner(name)
    if by_alias:
        right = entity_text(by_alias)
        return Fault(what, at, end, Remedy(right, f"it is an alias: write {right}"), words)
    near = nearest(name, entities.names)
    if near:
        right = entity_text(near)
        return Fault(what, at, end, Remedy(right, f"did you mean {right}?"), words)
    if name.startswith("type/") or name.casefold() in (kind.casefold() for kind in entities.types):
        right = entity_text(f"type/{name.removeprefix('type/')}")
        return Fault(what, at, end, Remedy(right, f"write {right} for all of that type"), words)
    return Fault(what, at, end, words)


def unknown_type(at: int, end: int, name: str, entities: Entities) -> Fault:
    """A type that no entity has."""
    near = nearest(name, entities.types)
    remedies = []
    if near:
        right = entity_text(f"type/{near}")
        remedies.append(Remedy(right, f"did you mean {right}?"))
    known = ", ".join(entities.types[:20])
    return Fault(
        f"no entity is of the type '{shown(name)}'", at, end, *remedies, advice=f"types are {known}" if known else "no entity has a type"
    )


def _longest_name(text: str, start: int, entities: Entities) -> tuple[str, int] | None:
    """An entity whose name of several words stands in the text without its quotes, and where that name ends."""
    best: tuple[str, int] | None = None
    for known in entities.names:
        end = start + len(known)
        if len(known.split()) > 1 and text[start:end].casefold() == known.casefold() and (best is None or end > best[1]):
            best = (known, end)
    return best


# -- stems ------------------------------------------------------------------------------------------------------------


def wrong_stem(text: str, at: int, after: int, word: str) -> Fault:
    """`stem:` with something else than one word."""
    end = after + len(word)
    if word.endswith("*") and is_word(word[:-1]):
        advice = f"write stem:{shown(word[:-1])}, or {shown(word)} alone for a prefix"
        return Fault("stem: finds a word's forms by itself, without '*'", at, end, Remedy(f"stem:{word[:-1]}", advice))
    if not word:
        phrase = re.compile(rf"\s*[{QUOTES}]([^{QUOTES}]*)[{QUOTES}]").match(text, after)
        end, word = (phrase.end(), phrase.group(1)) if phrase else (end, "")
    parts = re.findall(r"[^\W_]+", word)
    right = " ".join(f"stem:{part}" for part in parts)
    if len(parts) > 1:
        right = f"({right})"
    if parts:
        return Fault(f"stem: takes one word without quotes, not '{shown(word)}'", at, end, Remedy(right, f"write {shown(right)}"))
    apart = re.compile(r"\s+(?=\w)").match(text, end)
    if apart:
        return Fault("stem: needs its word right after it", at, apart.end(), Remedy("stem:", "leave the space out"))
    return Fault("stem: needs one word right after it", at, end, Remedy("", "write stem: before each word"))
