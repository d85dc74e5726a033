"""Bodies that tell one text and bodies that do not: copies as papers make them, and news written from templates."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from tests.unit.articles.layouts import sentence

_WORDS = [
    "harbour",
    "bridge",
    "council",
    "mayor",
    "vote",
    "toll",
    "channel",
    "pier",
    "boat",
    "owner",
    "study",
    "danger",
    "ship",
    "width",
    "cost",
    "region",
    "government",
    "spring",
    "work",
    "engineer",
    "dispute",
    "winter",
    "road",
    "valley",
    "farmer",
    "harvest",
    "fishing",
    "quota",
    "talk",
    "district",
    "inquiry",
    "satellite",
    "launch",
    "bank",
    "rate",
    "price",
    "market",
    "report",
    "minister",
    "school",
    "hospital",
    "nurse",
    "teacher",
    "strike",
    "wage",
    "union",
    "factory",
    "worker",
    "storm",
    "flood",
    "river",
    "forest",
    "fire",
    "police",
    "court",
    "judge",
    "trial",
    "witness",
]
_VERBS = [
    "opened",
    "closed",
    "moved",
    "raised",
    "lowered",
    "found",
    "lost",
    "built",
    "broke",
    "carried",
    "paid",
    "sold",
    "bought",
    "asked",
    "told",
    "led",
    "left",
    "held",
    "kept",
    "sent",
    "met",
]
_PLACES = [
    "Sendai",
    "Osaka",
    "Kobe",
    "Sapporo",
    "Naha",
    "Kyoto",
    "Nagoya",
    "Fukuoka",
    "Niigata",
    "Akita",
    "Aomori",
    "Mito",
    "Chiba",
    "Gifu",
    "Nara",
    "Kofu",
]
_PEOPLE = ["Keller", "Rossi", "Novak", "Petrov", "Garcia", "Haddad", "Smith", "Jones", "Larsen", "Dubois", "Moreau", "Costa"]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def line(source: random.Random) -> str:
    """A sentence that hardly any other is like."""
    words = [source.choice(_WORDS) if n % 2 else source.choice(_VERBS + _WORDS) for n in range(source.randint(9, 18))]
    words.insert(source.randint(2, 6), source.choice(_PEOPLE))
    if source.random() < 0.4:
        words.insert(source.randint(2, 6), str(source.randint(2, 900)))
    return " ".join(words).capitalize() + "."


def article(source: random.Random, lines: int = 24) -> str:
    return " ".join(line(source) for _ in range(lines))


def changed(source: random.Random, body: str, share: float) -> str:
    """Each word with this chance another one, a name or a number at times, whatever it was."""
    words = [*_WORDS, *_VERBS, *_PEOPLE[:6], "17", "240"]
    return " ".join(source.choice(words) if source.random() < share else word for word in body.split())


def _sentences(body: str) -> list[str]:
    return re.split(r"(?<=\.) ", body)


def _cut(source: random.Random, body: str) -> str:
    lines = _sentences(body)
    return " ".join(lines[: max(8, int(len(lines) * source.uniform(0.4, 0.9)))])


def _dressed(source: random.Random, body: str) -> str:
    return f"SENDAI (Agency) - By our reporter. {sentence(source)} {body} Further reporting by the desk in Osaka."


def _edited(source: random.Random, body: str) -> str:
    return " ".join(line(source) if source.random() < 0.1 else old for old in _sentences(body))


def _retouched(source: random.Random, body: str) -> str:
    return " ".join(source.choice(_WORDS) if word.islower() and source.random() < 0.04 else word for word in body.split())


def _lengthened(source: random.Random, body: str) -> str:
    lines = _sentences(body)
    for _ in range(len(lines) // 3):
        lines.insert(source.randrange(len(lines)), line(source))
    return " ".join(lines)


COPIES: dict[str, Callable[[random.Random, str], str]] = {
    "cut": _cut,
    "dressed": _dressed,
    "edited": _edited,
    "retouched": _retouched,
    "lengthened": _lengthened,
}


_TEMPLATES = {
    "quake": (
        "An earthquake of magnitude {d:.1f} struck {a} kilometres off {place} at {hour}:{minute} on {day}, the agency said. Its depth "
        "was {b} "
        "kilometres. There were no immediate reports of damage or injuries, and no tsunami warning was issued. The agency said that "
        "aftershocks were possible in the coming days. Trains near {place} stood for {c} minutes and ran again."
    ),
    "closing": (
        "Shares closed {mood} on {day} as investors weighed the latest data on jobs. The main index {move} {d:.2f} percent to {a}.{b} "
        "points. "
        "The index of small companies {move} {e:.2f} percent to {c}.{minute}. Oil {move} {f:.2f} percent to {b}.{hour} dollars a "
        "barrel, and "
        "the currency {move} {g:.2f} percent against the dollar. Turnover was {c} million shares. Analysts said that trading was thin "
        "ahead "
        "of the central bank's meeting next week."
    ),
    "arrest": (
        "A man was arrested in {place} on {day} on suspicion of {crime}, officers said. The suspect, named as {person}, aged {minute}, was "
        "taken into custody without incident and will appear before a judge later this week. The inquiry was continuing, and anyone with "
        "information was asked to come forward. No one else was hurt, and there was no danger to the public, a spokesman said."
    ),
    "forecast": (
        "In the {part} it will be {sky} in {place} with temperatures around {hour} degrees and winds at {minute} kilometres an hour. The "
        "chance of rain is {a} percent and the humidity will be {b} percent. Drivers should take care on bridges and in the hills, "
        "where the "
        "view can change within minutes."
    ),
}


def from_template(kind: str, source: random.Random) -> str:
    """A note of `kind`, its numbers and names drawn anew; a forecast is long, of six parts."""
    parts = ("morning", "forenoon", "noon", "afternoon", "evening", "night") if kind == "forecast" else ("",)
    return " ".join(_TEMPLATES[kind].format(part=part, **_drawn(source)) for part in parts)


def _drawn(source: random.Random) -> dict[str, object]:
    numbers: dict[str, object] = {name: source.randint(5, 900) for name in "abc"}
    shares: dict[str, object] = {name: source.uniform(0.1, 7) for name in "defg"}
    words: dict[str, object] = {
        "place": source.choice(_PLACES),
        "day": source.choice(_DAYS),
        "person": source.choice(_PEOPLE),
        "mood": source.choice(("higher", "lower")),
        "move": source.choice(("rose", "fell", "gained", "lost")),
        "crime": source.choice(("theft", "fraud", "arson")),
        "sky": source.choice(("cloudy", "sunny", "rainy")),
        "hour": source.randint(0, 23),
        "minute": source.randint(18, 59),
    }
    return numbers | shares | words


TEMPLATES = tuple(_TEMPLATES)
