"""Words by their stems, with Snowball's algorithms."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import snowballstemmer

from monitor.rules.article import Part
from monitor.rules.matcher import Matcher
from monitor.rules.places import Place

ALGORITHMS = {
    "ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "cs": "czech", "da": "danish", "nl": "dutch", "en": "english",
    "eo": "esperanto", "et": "estonian", "fi": "finnish", "fr": "french", "de": "german", "el": "greek", "hi": "hindi",
    "hu": "hungarian", "id": "indonesian", "ga": "irish", "it": "italian", "lt": "lithuanian", "ne": "nepali", "nb": "norwegian",
    "nn": "norwegian", "no": "norwegian", "fa": "persian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sr": "serbian", "st": "sesotho", "es": "spanish", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
_WORD = re.compile("[^ ]+")


def language_of(language: str | None) -> str:
    """The stemming language of an article's language."""
    return ALGORITHMS.get((language or "").lower().replace("_", "-").split("-")[0], "english")


@lru_cache(maxsize=200_000)
def stem(word: str, algorithm: str) -> str:
    return str(_stemmer(algorithm).stemWord(word))


@lru_cache(maxsize=40)
def _stemmer(algorithm: str) -> Any:
    return snowballstemmer.stemmer(algorithm)


def stem_places(part: Part, matcher: Matcher, language: str | None) -> list[Place]:
    """Places of words whose stem is that of the matcher's word, and of the word itself."""
    algorithm = language_of(language)
    wanted = stem(matcher.text.lower(), algorithm)
    places = set(part.places(matcher))
    folded = part.folded
    for match in _WORD.finditer(folded.words):
        written = folded.text[folded.start(match.start()) : folded.end(match.end())]
        if stem(written.lower(), algorithm) == wanted:
            places.add(Place(match.start(), match.end()))
    return sorted(places)
