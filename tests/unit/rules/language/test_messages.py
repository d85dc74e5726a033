"""What is said of each faulty or doubtful query, to the letter: place, text, advice and the query with the remedy applied.

`MONITOR_GOLDEN=write pytest tests/unit/rules/language/test_messages.py` writes the file anew; look at its diff before you commit it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from monitor.errors import QueryError
from monitor.rules import Entities, EntityDef, EntityError, ListError, from_lists, parse

from .faults import ENTITIES, TABLE, UNMENDABLE
from .test_check import NEVER, WARNINGS
from .test_lists import FAULTS as LIST_FAULTS

GOLDEN = Path(__file__).with_name("golden") / "messages.txt"
MORE = [
    # what other languages call our fields
    *(
        f"{name}:korea"
        for name in """intitle allintitle headline hl heading subject intext text content fulltext article leadpara intro first by byline
        writer from journalist source domain host publisher publication insite paper rss channel label category topic section language la
        locale inurl link href address path person org company concept""".split()  # noqa: SIM905 - a list of fifty words is read so
    ),
    # operators
    "korea ! japan",
    "korea != japan",
    "korea |japan",
    "korea + japan",
    "or korea",
    "korea or",
    "near/5 korea",
    "(korea or)",
    "korea OR NOT NEAR/5 japan",
    "(korea NOT NEAR/5)",
    "(a1 AND b1) NEAR/5 c1 foo:bar",
    "(a1 AND b1) NEAR/5 (c1 AND d1 foo:bar)",
    "titl:korea",
    "bodi:korea",
    "autor:korea",
    "lng:ko",
    f"{'x' * 61}:korea",
    f"{'x' * 60}:korea",
    "korea near:5 japan",
    "korea atleast:3",
    "korea within5 japan",
    "korea within/5 japan",
    "korea adj3 japan",
    "korea adj/3 japan",
    "korea W/5 japan",
    "korea NEAR/0x japan",
    "korea NEAR/007 japan",
    "korea NEAR/p japan",
    "korea NEAR/0000 japan",
    "korea NOT NEAR/1000 japan",
    "korea AND (",
    "korea NOT (",
    "(korea",
    "korea NEAR/5 (japan",
    "korea OR (japan AND",
    "title:AND",
    "title:NOT japan",
    "korea AND NEAR/5 japan",
    "korea NOT OR japan",
    "NOT NEAR/5 japan",
    "korea AND AND japan",
    "(AND japan)",
    "korea NOT",
    "ATLEAST/3",
    # words
    "korea --japan",
    "korea~",
    "korea~2 japan",
    "korea^2",
    '"north korea"~',
    '"north korea"~0',
    '"north korea"~5000',
    '"korea"~5',
    '"north =korea"~5',
    '="north korea"~5',
    '"north korea"^',
    '"north korea"x',
    '"north korea"xyz',
    '"north korea"xyz "south"',
    '"north "korea" south"',
    '"north korea"~9999 x',
    '"north korea"~998',
    'korea"x',
    'korea"x "y"',
    '"north korea",',
    '"north korea""x"',
    '"north korea" "x',
    'korea"',
    'site"kcna"',
    'foo"bar"',
    "site(kcna.kp)",
    "korea “north",
    'korea (north "south) east',
    '"north" korea "south east',
    "==korea",
    "=-korea",
    "=*",
    "= korea",
    '= "north korea"',
    "=entity:FFVD",
    "=stem:korea",
    "=korea:japan",
    "titles=korea",
    "entity=FFVD",
    "site : kcna.kp",
    "site :",
    "title﹕korea",
    # regexes
    "korea /a/b",
    "korea /a/x",
    "korea /a/ix",
    "korea /a",
    "korea /",
    "korea /a b",
    "/a)/",
    "/[z-a]/",
    "/a{3,1}/",
    "/(?P<n>a/",
    r"/\p{Foo}/",
    "/a|/",
    "/(a|b*)/",
    "/x{0,3}/",
    "/^$/",
    # entities and stems
    "entity:type/",
    "entity:type/organisation",
    'entity:"type/persn"',
    "entity:ffv",
    "person:FFVD",
    "org:IAEA",
    "company:IAEA",
    "concept:FFVD",
    "entity:Moon Jae",
    'entity:"Kim Jong"',
    "entity:organization",
    "entity:FFVD,",
    "entity:FFVD*",
    "stem:",
    "stem: sanction",
    'stem:"north korea"',
    "stem:a*b",
    "stem:sanction-x*",
    "stem:10-x*",
    "stem:(a OR b)",
    "stem:10:30",
    # fields inside others and lists
    "title:lang:ko",
    "site:=kcna",
    "lang:xx-YY",
    "lang:korean_kr",
    "site:kcna.kp/a/b",
    "site:kcna/a",
    *(
        f"lang:{word}"
        for word in """korean kor kr english eng japanese jpn jp chinese zho chi cn russian rus german deu ger french fra fre spanish spa
        arabic ara hebrew heb iw thai tha turkish tur greek ell gre gr hindi hin vietnamese vie ukrainian ukr ua""".split()  # noqa: SIM905
    ),
    "한국 제*",
    "北* korea",
    "かな* korea",
    "カナ* korea",
    "ab* cde",
    "a1 NOT a1",
    "NOT NOT a1 b1",
    "/(ab|xyz)/ organi?ation /[0-9]/",
    "korea ‘north korea’ japan",
    "‘north",
    "korea; japan",
    "title:(korea, japan)",
    "'korea' \"japan’\"",
    f"/{'x' * 20}?/",
    f"/({'x' * 19}/",
    f"/({'x' * 20}/",
    "//north//",
    "/a1/b1/i",
    "=korea =japan = china",
    # characters at the edges of what is one
    "korea \ue000japan",
    "korea\ud7ff",
    "korea \x1fjapan",
    "korea \x1bjapan",
    "korea\x80japan",
    "korea\xa0japan",
    # too much of something
    "NOT " * 101 + "korea",
    "(" * 1001 + "korea",
    "korea " * 50_000,
    " ".join(["a1"] * 3) + " \u00ad",
]
DEFINITIONS = [
    {"FFVD": EntityDef("FFVD", ("",))},
    {"FFVD": EntityDef("FFVD", ("*x",))},
    {"FFVD": EntityDef("FFVD"), "ffvd": EntityDef("ffvd")},
    {"FFVD": EntityDef("FFVD", members=("Nobody",))},
    {"FFVD": EntityDef("FFVD", members=("IAEA",)), "IAEA": EntityDef("IAEA", members=("FFVD",))},
    {"FFVD": EntityDef("FFVD", not_=("...",))},
    {"...": EntityDef("...")},
    {"FFVD": EntityDef("FFVD", ("a b*c",))},
    {"FFVD": EntityDef("FFVD", type="")},
    {"type/x": EntityDef("type/x")},
]


def _short(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:40]} … {text[-40:]} ({len(text)})"


def _of_query(query: str, entities: Entities) -> Iterator[str]:
    yield f"{_short(query)!a}"
    try:
        parsed = parse(query, entities)
    except QueryError as error:
        yield f"  {error.start + 1}-{error.end}  {error.text}"
        yield f"  = {error.suggestion}"
        if error.replacement is not None:
            yield f"  > {_short(query[: error.start] + error.replacement + query[error.end :])!a}"
    else:
        for warning in parsed.warnings:
            yield f"  {warning.start + 1}-{warning.end}  warning: {warning.text}"
            yield f"  = {warning.suggestion}"


def _of_lists(any_: list[str], all_: list[str], none: list[str]) -> Iterator[str]:
    yield f"{any_!a} {all_!a} {none!a}"
    try:
        query = from_lists(any_, all_, none, ENTITIES)
    except ListError as error:
        yield f"  {error}"
    else:
        for warning in query.warnings:
            yield f"  {warning.list} {warning.index} {warning.start}-{warning.end}  warning: {warning.text}"
            yield f"  = {warning.suggestion}"


def _of_entities(definitions: dict[str, EntityDef]) -> Iterator[str]:
    yield f"{sorted(definitions)!a}"
    found: list[EntityError] = list(Entities.check(definitions))
    yield from (f"  {error.entity}.{error.key}[{error.index}]: {error}" for error in found)


def lines() -> Iterator[str]:
    queries = [row[0] for row in TABLE] + [row[0] for row in UNMENDABLE] + [row[0] for row in WARNINGS] + NEVER + MORE
    for query in dict.fromkeys(queries):
        yield from _of_query(query, ENTITIES)
    yield "without entities"
    for query in ("entity:FFVD", "entity:type/person", "entity:"):
        yield from _of_query(query, Entities({}))
    yield "lists"
    for row in LIST_FAULTS:
        yield from _of_lists(*row[0])
    for lists in (
        (["sanctions OR waiver"], ["title:x1"], []),
        ([], ["/y1/", "(korea)"], ["-x1"]),
        (["a", "=", "b*"], [], []),
        (["=north k*"], [], []),
        (["=k*"], [], []),
    ):
        yield from _of_lists(*lists)
    yield "entities"
    for definitions in DEFINITIONS:
        yield from _of_entities(definitions)


def test_every_message_is_as_it_was_read() -> None:
    now = list(lines())
    if os.environ.get("MONITOR_GOLDEN") == "write":
        GOLDEN.write_text("\n".join(now) + "\n", encoding="utf-8")
    assert now == GOLDEN.read_text(encoding="utf-8").splitlines()
