"""Short notes written from one pattern each, as local papers and agencies print them by the hundred: each is news of its own."""

from __future__ import annotations

import random

_FIRST = ("Anna", "Bert", "Carl", "Dora", "Emil", "Fay", "Gus", "Hana", "Ivo", "Jana", "Karl", "Lena", "Max", "Nora", "Otto", "Pia")
_LAST = ("Keller", "Rossi", "Novak", "Petrov", "Garcia", "Haddad", "Smith", "Jones", "Larsen", "Dubois", "Moreau", "Costa")
_PLACES = ("Sendai", "Osaka", "Kobe", "Sapporo", "Naha", "Kyoto", "Nagoya", "Fukuoka", "Niigata", "Akita", "Aomori", "Mito")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TEAMS = ("Rovers", "Wanderers", "United", "City", "Athletic", "Albion", "Rangers", "Harriers", "Villa", "Orient")


def _person(source: random.Random) -> str:
    return f"{source.choice(_FIRST)} {source.choice(_LAST)}"


def match(source: random.Random) -> str:
    home, guests = source.sample(_TEAMS, 2)
    return (
        f"{source.choice(_PLACES)} {home} {source.choice(('beat', 'edged past', 'overcame'))} {guests} "
        f"{source.randint(1, 5)}-{source.randint(0, 3)} on {source.choice(_DAYS)} in the league. {_person(source)} "
        f"{source.choice(('scored', 'struck', 'headed in'))} the first goal after {source.randint(2, 80)} minutes, and {_person(source)} "
        "made sure with the second before the break. The visitors had more of the ball but few chances, and their coach said that his "
        f"side had lacked sharpness in front of goal. The attendance was {source.randint(2000, 60000)}."
    )


def court(source: random.Random) -> str:
    crime = source.choice(("driving while drunk", "theft from a shop", "assault", "fraud"))
    return (
        f"{_person(source)}, {source.randint(18, 80)}, of {source.choice(_PLACES)}, pleaded guilty in the district court on "
        f"{source.choice(_DAYS)} to {crime} and was fined {source.randint(100, 900)} dollars with costs. A lawyer for the accused said "
        "that it had been a moment of foolishness and that there would be no repeat of it. The judge said that account had been taken "
        "of the plea and of the lack of earlier convictions."
    )


def shares(source: random.Random) -> str:
    return (
        f"Shares of {source.choice(_LAST)} {source.choice(('Holdings', 'Foods', 'Motors'))} {source.choice(('rose', 'fell', 'slipped'))} "
        f"{source.uniform(0.1, 9):.1f}% to {source.uniform(5, 300):.2f} dollars on {source.choice(_DAYS)} after the company posted "
        f"quarterly earnings of {source.uniform(0.1, 5):.2f} dollars a share, {source.choice(('above', 'below'))} what analysts had "
        "thought. The company said that it expects demand to remain steady through the rest of the year. The stock has lost "
        f"{source.randint(2, 60)}% since the start of the year, in line with its sector."
    )


def obituary(source: random.Random) -> str:
    return (
        f"{_person(source)}, {source.randint(60, 101)}, of {source.choice(_PLACES)}, died {source.choice(_DAYS)} at "
        f"{source.choice(('home', 'the county hospital', 'a nursing home'))}. A service will be held at {source.randint(9, 15)} o'clock on "
        f"{source.choice(_DAYS)} at the chapel with burial to follow in the city cemetery. The family asks that in place of flowers gifts "
        "be made to the local library. Arrangements are with the funeral home, which may be reached by telephone or through its page."
    )


def lottery(source: random.Random) -> str:
    numbers = ", ".join(str(number) for number in sorted(source.sample(range(1, 60), 6)))
    return (
        f"The winning numbers in {source.choice(_DAYS)} evening's drawing were {numbers}. The jackpot stood at {source.randint(1, 300)} "
        "million dollars. Nobody matched all six numbers, and the prize goes over to the next drawing. Players have one hundred and "
        "eighty days to claim their prizes at any shop that sells tickets. The odds of winning are one in fourteen million."
    )


NOTES = (match, court, shares, obituary, lottery)
