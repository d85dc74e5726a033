"""Slips of the pen inside one unit or operator: what other query languages write, and what is easily mistyped.

Each function either passes or gives a Fault whose remedies are ordered by likelihood.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from monitor.rules.faults import Fault, Remedy, nearest
from monitor.rules.fields import FIELDS, WITH_COLON

if TYPE_CHECKING:
    from monitor.rules.entities import Entities
    from monitor.rules.scanner import Token

_RUN = re.compile(r'[^\s()"“”„]*')
_LOWER = ("and", "or", "not")
_DISTANCE_LIKE = re.compile(r"(o?near|atleast)/?(\w*)", re.IGNORECASE)
_ELSEWHERE = re.compile(r"(?:w|within|pre|adj|near|onear)/?(\d{1,3})", re.IGNORECASE)
_FUZZY = re.compile(r"(\w+)([~^])\d*(?:\.\d+)?")
_DASHES = "-‐‑‒–—―−"


def is_mark(char: str) -> bool:
    return unicodedata.category(char)[0] == "M"


def quoted(text: str) -> str:
    return f'"{text}"'


def check_operator(text: str, at: int, word: str) -> None:
    """Raises Fault for a word that is likely an operator spelled otherwise."""
    end = at + len(word)
    lower = word.lower()
    if lower in _LOWER:
        raise Fault(
            f"'{word}' is no operator as it is written",
            at,
            end,
            Remedy(lower.upper(), f"write {lower.upper()}, or {quoted(word)} in quotes for the word"),
            Remedy(quoted(word), f"write {quoted(word)} in quotes for the word"),
        )
    if not word.isascii():
        _check_disguised(at, word)
    if "/" in word or word[-1].isdigit():
        _check_distance(at, word)


def _check_disguised(at: int, word: str) -> None:
    plain = "".join(char for char in unicodedata.normalize("NFKC", word) if unicodedata.category(char) != "Cf")
    if plain != word and re.fullmatch(r"AND|OR|NOT|(?:O?NEAR|ATLEAST)(?:/\w*)?", plain):
        raise Fault(
            f"'{plain}' is written with characters that only look like it or can't be seen",
            at,
            at + len(word),
            Remedy(plain, f"write {plain} in plain letters"),
        )


def _check_distance(at: int, word: str) -> None:
    like, elsewhere = _DISTANCE_LIKE.fullmatch(word), _ELSEWHERE.fullmatch(word)
    if like and ("/" in word or word.isupper()) and like.group(2):
        right = f"{like.group(1).upper()}/{like.group(2).upper()}"
    elif elsewhere and ("/" in word or word.isupper()):
        right = f"{'ONEAR' if word.lower().startswith(('pre', 'o')) else 'NEAR'}/{elsewhere.group(1)}"
    else:
        return
    raise Fault(
        f"'{word}' is no operator as it is written",
        at,
        at + len(word),
        Remedy(right, f"write {right}, or {quoted(word)} in quotes for the words"),
        Remedy(quoted(word), f"write {quoted(word)} in quotes for the words"),
    )


def wrong_number(text: str, at: int, word: str, lowest: int, highest: int) -> Fault:
    name, slash, number = word.partition("/")
    if not number:
        spaced = re.compile(rf"{name}\s*/?\s*(\d{{1,3}}|[SPsp])(?=[\s()]|$)").match(text, at)
        right = f"{name}/{spaced.group(1).upper()}" if spaced else f"{name}/{5 if name != 'ATLEAST' else 2}"
        what = "how many times: it needs a number" if name == "ATLEAST" else "a distance"
        end = spaced.end() if spaced else at + len(word)
        return Fault(f"{name} needs {what}", at, end, Remedy(right, f"write {right}, or {quoted(name)} in quotes for the word"))
    allowed = f"a number from {lowest} to {highest}" + ("" if name == "ATLEAST" else ", S or P")
    digits = number.isascii() and number.isdigit()
    if digits:
        right = f"{name}/{lowest if not number.strip('0') else highest}"
    elif number.upper() in ("S", "P") and name != "ATLEAST":
        right = f"{name}/{number.upper()}"
    else:
        inner = re.search(r"[0-9]{1,3}", number)
        right = f"{name}/{max(lowest, int(inner.group())) if inner else 5}"
    return Fault(f"'{word}': {name} takes {allowed}", at, at + len(word), Remedy(right, f"write {right}"))


# -- terms ------------------------------------------------------------------------------------------------------------


def check_bare(text: str, at: int, word: str, field: Token | bool | None) -> None:
    """Raises Fault where a bare word is written as another language's operator."""
    end = at + len(word)
    if word[0] in _DASHES:
        _minus(text, at, word)
    for sign, name in (("&&", "AND"), ("||", "OR")):
        place = word.find(sign)
        if place >= 0:
            right = name if word == sign else f" {name} "
            raise Fault(f"'{sign}' is no operator", at + place, at + place + 2, Remedy(right, f"write {name}"), Remedy("", f"write {name}"))
    if word in ("&", "+", "|"):
        name = "OR" if word == "|" else "AND"
        raise Fault(f"'{word}' by itself is no operator", at, end, Remedy(name, f"write {name}"), Remedy("", "leave it out"))
    fuzzy = _FUZZY.fullmatch(word)
    if fuzzy:
        what = "fuzzy words" if fuzzy.group(2) == "~" else "weights"
        plain = fuzzy.group(1)
        raise Fault(f"there are no {what}: '{word}'", at, end, Remedy(plain, f"write {plain}, or the other spellings with OR"))
    if word[0] == "*" and word.strip("*"):
        stars = len(word) - len(word.lstrip("*"))
        advice = "leave the '*' out: subdomains are found too" if field and word[stars] == "." else "leave the '*' out"
        rest = word[stars:].lstrip(".") if field else word[stars:]
        raise Fault("'*' stands before a word; only the end of a word may be left open", at, end, Remedy(rest, advice))


def _minus(text: str, at: int, word: str) -> None:
    dash = word[0]
    rest = word.lstrip(_DASHES)
    following = text[at + len(word) : at + len(word) + 1]
    if not rest and (not following or following.isspace() or following == ")"):
        raise Fault(f"'{word}' by itself finds nothing", at, at + len(word), Remedy("", "leave it out"))
    remedies = [Remedy(f"NOT {rest}", "write NOT for 'without', or put the word in quotes")]
    if rest:
        remedies.append(Remedy(quoted(word), f"write {quoted(word)} in quotes for the word itself"))
    raise Fault(f"'{dash}' before a term is no operator", at, at + len(word), *remedies, advice="write NOT for 'without'")


def check_after_phrase(text: str, quote: int, end: int) -> None:
    """Raises Fault for what sticks to a phrase's closing quote; `quote` is where its opening one stands."""
    run = _RUN.match(text, end)
    after = run.group() if run else ""
    following = text[end : end + 1]
    if not following or following.isspace() or following in "()":
        return
    phrase = text[quote + 1 : end - 1]
    mark = re.fullmatch(r"[~^](\d*)(?:\.\d+)?", after)
    if mark:
        raise _phrase_mark(phrase, quote, end + len(after), after, mark.group(1))
    if after and not after.strip("*"):
        raise Fault(
            "'*' stands after the closing quote", end, end + len(after), Remedy("", "leave it out, or write it inside, after the word")
        )
    if not text[quote + 1 : end - 1].strip():
        raise Fault("an empty phrase finds nothing", quote, end, Remedy("", "write words between the quotes, or leave the quotes out"))
    raise Fault(
        "a quote touches a word; only a space or a bracket may follow a phrase",
        end,
        end + max(len(after), 1),
        Remedy(f" {text[end : end + max(len(after), 1)]}", "put a space between, or look for a quote that is missing or too many"),
    )


def _phrase_mark(phrase: str, start: int, end: int, mark: str, number: str) -> Fault:
    words = phrase.split()
    remedies = []
    if mark[0] == "~" and len(words) == 2:
        near = f"NEAR/{min(int(number[:4] or 5), 999)}"
        remedies.append(Remedy(f"({words[0]} {near} {words[1]})", f"write {words[0]} {near} {words[1]}"))
        remedies.append(Remedy(f'("{words[0]}" {near} "{words[1]}")', f"write {words[0]} {near} {words[1]}"))
    remedies.append(Remedy(quoted(phrase), "write NEAR/n between the words, or leave it out" if mark[0] == "~" else "leave it out"))
    what = "a distance after a phrase" if mark[0] == "~" else "weights"
    return Fault(f"there is no '{mark}' for {what}", start, end, *remedies)


def check_after_bare(text: str, at: int, end: int) -> None:
    """Raises Fault for a quote that touches a word."""
    following = text[end : end + 1]
    if not following or following.isspace() or following in "()":
        return
    closing = re.compile(r'["“”„]').search(text, end + 1)
    if not closing:
        raise unclosed_quote(text, end)
    word = text[at:end]
    if word in FIELDS:
        raise Fault(f"'{word}' needs a colon", at, end, Remedy(f"{word}:", f"write {word}: before the phrase"))
    raise Fault("a quote stands in the middle of a word", end, end + 1, Remedy(f" {following}", "put a space before the quote"))


def unclosed_quote(text: str, at: int) -> Fault:
    rest = text[at:]
    remedies = []
    if rest.strip('"“”„ '):
        body = rest.rstrip()
        bare = body.rstrip(") ")
        remedies.append(Remedy(f'{body}"', f"write {quoted('')[:1]} after '{body.split()[-1]}'"))
        if bare != body:
            remedies.append(Remedy(f'{bare}"{body[len(bare) :]}', f"write {quoted('')[:1]} after '{bare.split()[-1]}'"))
    remedies.append(Remedy(rest[1:], "leave it out"))
    return Fault("this quote is not closed", at, len(text), *remedies)


def wrong_exact(text: str, at: int) -> Fault:
    run = _RUN.match(text, at)
    word = run.group() if run else "="
    rest = word.lstrip("=-*")
    if rest.startswith("/"):
        return Fault("a regex keeps case already", at, at + 1, Remedy("", "leave the '=' out"))
    if not rest:
        return Fault("'=' needs a word or a phrase right after it", at, at + len(word), Remedy("", "leave it out, or write =Word"))
    return Fault(f"'=' can't stand before '{word[1]}'", at, at + len(word), Remedy(f"={rest}", f"write ={rest}"))


def exact_field(text: str, at: int, word: str, colon: int) -> Fault:
    name, rest = word[:colon], word[colon + 1 :]
    if name in FIELDS:
        right = f"{name}:={rest}"
        return Fault(f"'=' stands before the field {name}:", at, at + 1 + len(word), Remedy(right, f"write {right}"))
    if name in WITH_COLON:
        return Fault(f"'=' can't stand before {name}:", at, at + 1 + len(word), Remedy(word, f"write {word}"))
    right = f"={quoted(word)}"
    return Fault(f"there is no field '{name}'", at, at + 1 + len(word), Remedy(right, f"write {right} for the words"))


# -- regexes ----------------------------------------------------------------------------------------------------------


def unclosed_regex(text: str, at: int) -> Fault:
    run = _RUN.match(text, at)
    word = run.group() if run else "/"
    rest = word.strip("/")
    remedies = (
        [Remedy(quoted(rest), f"write / at its end, or {quoted(rest)} in quotes for the words")] if rest else [Remedy("", "leave it out")]
    )
    return Fault("this regex is not closed", at, at + len(word), *remedies)


def after_regex(text: str, at: int, end: int) -> Fault:
    run = _RUN.match(text, end)
    after = run.group() if run else ""
    pattern = text[at + 1 : end - 1]
    if re.fullmatch("[imsU]+", after):
        return Fault(
            f"flags stand inside a regex: '{after}'",
            at,
            end + len(after),
            Remedy(f"/(?{after}){pattern}/", f"write /(?{after}){pattern}/"),
        )
    whole = text[at : end + len(after)]
    if "/" in after:
        inner = whole.strip("/")
        escaped = re.sub(r"(?<!\\)/", r"\\/", inner)
        return Fault(
            "a '/' inside a regex ends it",
            at,
            at + len(whole),
            Remedy(f"/{escaped}/", rf"write /{escaped}/, or the words in quotes"),
            Remedy(quoted(inner), f"write {quoted(inner)} in quotes for the words"),
        )
    return Fault(
        "after a regex comes a space or a closing bracket",
        at,
        end + len(after),
        Remedy(f"{text[at:end]} {after}", "put a space after it"),
        Remedy(quoted(whole.strip("/")), f"write {quoted(whole.strip('/'))} in quotes for the words"),
    )


def wrong_regex(text: str, at: int, end: int, why: str) -> Fault:
    pattern = text[at + 1 : end - 1]
    remedies = []
    if "empty" in why:
        required = re.sub(r"[*?]$", "+" if pattern.endswith("*") else "", pattern)
        if required != pattern:
            remedies.append(Remedy(f"/{required}/", f"write /{required}/"))
    words = " ".join(re.findall(r"\w{2,}", pattern))
    if words:
        remedies.append(Remedy(quoted(words), f"mend it, or write {quoted(words)} in quotes for the words"))
    return Fault(why, at, end, *remedies, advice="mend it, or leave it out")


# -- what stands after a colon ----------------------------------------------------------------------------------------


def unknown_field(text: str, at: int, word: str, colon: int) -> Fault:
    name, rest = word[:colon], word[colon + 1 :]
    if rest.startswith("//"):
        return Fault(
            f"an address needs a field or quotes: '{word}'",
            at,
            at + len(word),
            Remedy(f'url:"{word}"', f'write url:"{word}"'),
            Remedy(quoted(word), f"write {quoted(word)}"),
        )
    upper = name.upper()
    if upper in ("NEAR", "ONEAR", "ATLEAST") and rest.isdigit():
        return Fault(f"{upper} takes its number after a slash", at, at + len(word), Remedy(f"{upper}/{rest}", f"write {upper}/{rest}"))
    near = nearest(name, WITH_COLON)
    known = "fields are " + ", ".join(f"{field}:" for field in FIELDS)
    words = Remedy(quoted(word), f"write {quoted(word)} in quotes for the words; {known}")
    if near is None:
        if not rest:
            words = Remedy(name, f"leave the colon out; {known}")
        return Fault(f"there is no field '{name}'", at, at + len(word), words)
    return Fault(
        f"there is no field '{name}'",
        at,
        at + len(word),
        Remedy(f"{near}:{rest}", f"did you mean {near}:? Or put the words in quotes"),
        words,
    )


def wrong_entity(text: str, at: int, start: int, entities: Entities) -> Fault:
    following = text[start : start + 1]
    run = _RUN.match(text, start)
    end = start + len(run.group()) if run else start
    known = entities.names
    sample = known[0] if known else None
    if following == "(":
        return Fault("entity: takes one name, no bracket", at, start, Remedy("", "write entity: before each name inside the bracket"))
    rest = text[start:end].lstrip("=-*/")
    if rest and entities.get(rest):
        right = f"entity:{rest}"
        return Fault("entity: is followed by a name alone", at, end, Remedy(right, f"write {right}"))
    if following in ('"', "“", "”", "„") and following:
        return unclosed_quote(text, start)
    remedies = [Remedy(f"entity:{quoted(sample)}", f"write a name, as in entity:{quoted(sample)}")] if sample else []
    return Fault("entity: needs the name of an entity", at, max(end, start), *remedies, advice="write a name right after the colon")


def unknown_entity(text: str, at: int, start: int, end: int, name: str, entities: Entities, *, is_type: bool) -> Fault:
    if is_type:
        near = nearest(name, entities.types)
        right = f"entity:type/{near}" if near and not re.search(r"\s", near) else f'entity:type/"{near}"'
        remedies = [Remedy(right, f"did you mean {right}?")] if near else []
        known = ", ".join(entities.types[:20])
        advice = f"types are {known}" if known else "no entity has a type"
        return Fault(f"no entity is of the type '{name}'", at, end, *remedies, advice=advice)
    longer = _longest_name(text, start, entities)
    if longer:
        right = f'entity:"{longer[0]}"'
        return Fault(
            f"there is no entity '{name}'", at, longer[1], Remedy(right, f"write {right}: a name of several words stands in quotes")
        )
    other = entities.owner(name) or nearest(name, entities.names)
    if other:
        right = f"entity:{other}" if re.fullmatch(r"\w[\w-]*", other) else f'entity:"{_unquote(other)}"'
        return Fault(f"there is no entity '{name}'", at, end, Remedy(right, f"did you mean {right}?"))
    advice = f"write {quoted(name)} for the words, or add the entity to the configuration"
    return Fault(f"there is no entity '{name}'", at, end, Remedy(quoted(name), advice))


def _longest_name(text: str, start: int, entities: Entities) -> tuple[str, int] | None:
    """An entity whose name of several words stands in the text without its quotes, and where that name ends."""
    best: tuple[str, int] | None = None
    for known in entities.names:
        end = start + len(known)
        if " " in known and text[start:end].casefold() == known.casefold() and (best is None or end > best[1]):
            best = (_unquote(known), end)
    return best


def _unquote(text: str) -> str:
    return " ".join(re.sub('["“”„]', " ", text).split())


def wrong_stem(text: str, at: int, after: int, word: str) -> Fault:
    end = after + len(word)
    plain = re.match(r"\w+", word)
    if word.endswith("*") and plain and len(plain.group()) == len(word) - 1:
        right = f"stem:{plain.group()}"
        return Fault(
            "stem: finds a word's forms by itself, without '*'", at, end, Remedy(right, f"write {right}, or {word} alone for a prefix")
        )
    if not word:
        phrase = re.compile(r'\s*["“”„]\s*(\w+)\s*["“”„]').match(text, after)
        if phrase:
            right = f"stem:{phrase.group(1)}"
            return Fault("stem: takes a word without quotes", at, phrase.end(), Remedy(right, f"write {right}"))
        return Fault("stem: needs one word right after the colon", at, end, Remedy("", "write stem: before each word"))
    parts = re.findall(r"\w+", word)
    right = " ".join(f"stem:{part}" for part in parts)
    remedies = [Remedy(f"({right})" if len(parts) > 1 else right, f"write {right}")] if parts else []
    return Fault(f"stem: takes one word, not '{word}'", at, end, *remedies, advice="write one word right after the colon")
