"""Words by their stems, with Snowball's algorithms (decision 19)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from monitor.rules.fold import Folded, fold

ALGORITHMS = {
    "ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "cs": "czech", "da": "danish", "nl": "dutch", "en": "english",
    "eo": "esperanto", "et": "estonian", "fi": "finnish", "fr": "french", "de": "german", "el": "greek", "hi": "hindi",
    "hu": "hungarian", "id": "indonesian", "ga": "irish", "it": "italian", "lt": "lithuanian", "ne": "nepali", "nb": "norwegian",
    "nn": "norwegian", "no": "norwegian", "fa": "persian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sr": "serbian", "st": "sesotho", "es": "spanish", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
UNKNOWN = "english"

_WRITTEN = re.compile(r"[^\W\d_](?:[^\W_]|[\u0300-\u036f\u064b-\u0652\u0900-\u0d7f\u00ad\u200b-\u200d])*")


def algorithm_of(language: str | None) -> str:
    """The stemmer for an article's language; English where it is unknown or has none."""
    return ALGORITHMS.get((language or "").strip().lower().replace("_", "-").split("-")[0], UNKNOWN)


@lru_cache(maxsize=20_000)
def stems_of(word: str, algorithm: str) -> frozenset[str]:
    """The stems of a word as written and as folded: whoever leaves the accents out means the same word."""
    stemmer = _stemmer(algorithm)
    folded = fold(word).words.strip()
    return frozenset((str(stemmer.stemWord(word.lower())), str(stemmer.stemWord(folded))))


def wanted_stems(word: str, algorithm: str) -> frozenset[str]:
    """Stems that `stem:word` asks for; the word as it stands may be a stem already."""
    return stems_of(word, algorithm) | {word.lower(), fold(word).words.strip()}


@lru_cache(maxsize=len(ALGORITHMS))
def _stemmer(algorithm: str) -> Any:
    import snowballstemmer  # sixty languages' tables: most rules ask for no stem

    return snowballstemmer.stemmer(algorithm)


def vocabulary(folded: Folded, algorithm: str) -> dict[str, set[str]]:
    """Stem → the folded words of a text that have it."""
    found: dict[str, set[str]] = {}
    for word in set(folded.words.split()):
        for stem in stems_of(word, algorithm):
            found.setdefault(stem, set()).add(word)
    if not folded.text.isascii():
        for written in {match[0].lower() for match in _WRITTEN.finditer(folded.text)}:
            if not written.isascii():
                word = _folded(written)
                for stem in stems_of(written, algorithm):
                    found.setdefault(stem, set()).add(word)
    return found


@lru_cache(maxsize=20_000)
def _folded(word: str) -> str:
    return fold(word).words.strip()
