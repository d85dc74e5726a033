"""Rules and entities: names, queries, lists, channels, examples; every fault at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.config.tools import good, only, pointed, read, where


def test_a_rule_s_query_or_its_lists(tmp_path: Path) -> None:
    text = """
        rules:
          - {name: a, query: FFVD OR 제재}
          - {name: b, any: [x1, y1], all: [z1], none: [w1]}
          - {name: c, all: [1000, true]}
    """
    queries = [rule.query.text for rule in good(tmp_path, text).rules]
    assert queries[:2] == ["FFVD OR 제재", "(x1 OR y1) AND z1 AND NOT w1"]
    assert "1000" in queries[2]
    assert "true" in queries[2]


@pytest.mark.parametrize(
    ("rule", "code", "message"),
    [
        ("name: a", "missing-key", "rule 'a' needs a query, or lists: any, all, none"),
        ("name: a, query: x1, any: [y1]", "value", "rule 'a' takes query or lists, not both"),
        ("name: a, any: []", "value", "'any' in rule 'a' is empty"),
        ("name: a, query: ''", "query", "in the query of rule 'a': "),
        ("name: a, any: ['']", "value", "'any' in rule 'a': an empty term matches nothing"),
        ("name: a, any: x1", "value", "'any' in rule 'a': text where a list is expected"),
        ("name: a, none: [x1]", "query", "in rule 'a': "),
        ("query: x1", "missing-key", "rule 1 needs 'name'"),
        ("name: '', query: x1", "value", "'name' in rule 1: a name can't be empty"),
        ("name: a, query: x1, notify: [b]", "unknown-channel", "rule 'a' names a channel that is not there: 'b'"),
        ("name: a, query: x1, severity: hgh", "value", "'severity' in rule 'a': 'hgh' is not known"),
        ("name: a, query: x1, again: always", "value", "'again' in rule 'a': 'always' is not known"),
        ("name: a, query: x1, throttle: 10/h", "value", "'throttle' in rule 'a': '10/h' is no rate"),
        ("name: a, qurey: x1", "unknown-key", "unknown key 'qurey' in rule 'a'"),
        ("name: a, query: [x1]", "value", "'query' in rule 'a': a list where text is expected"),
        ("name: a, query: {x1: y1}", "value", "'query' in rule 'a': keys and values where text is expected"),
        ("name: a, query: 'entity:FFVD'", "query", "in the query of rule 'a': there is no entity 'FFVD'"),
    ],
)
def test_one_fault(tmp_path: Path, rule: str, code: str, message: str) -> None:
    problem = only(tmp_path, f"rules:\n  - {{{rule}}}\n")
    assert (problem.code, problem.line) == (code, 2)
    assert problem.message.startswith(message)


def test_what_is_no_rule(tmp_path: Path) -> None:
    problem = only(tmp_path, "rules:\n  - FFVD\n")
    assert (problem.message, where(problem)) == ("rule 1: text where keys and values are expected", (2, 5))


def test_all_faults_of_a_rule_at_once(tmp_path: Path) -> None:
    text = """
        channels: {desk: {type: console}}
        rules:
          - name: a
            severity: hgh
            notify: [dsk, desk]
            thottle: 10/1h
            query: "foo or bar NEAR x"
    """
    loaded = read(tmp_path, text)
    assert [(problem.code, pointed(problem), problem.suggestion) for problem in loaded.errors] == [
        ("value", "hgh", "did you mean 'high'?"),
        ("unknown-channel", "dsk", "did you mean 'desk'?"),
        ("unknown-key", "thottle", "did you mean 'throttle'?"),
        ("query", "or", loaded.errors[3].suggestion),
        ("query", "NEAR", loaded.errors[4].suggestion),
    ]
    assert loaded.errors[2].expected == "a rule takes: name, query, any, all, none, severity, notify, examples, again, throttle"


def test_all_faulty_items_of_lists_at_once(tmp_path: Path) -> None:
    loaded = read(tmp_path, "rules:\n  - name: a\n    any: [fine, b*c, '*d']\n    none:\n      - x\n      - '*'\n")
    assert [problem.code for problem in loaded.errors] == ["query"] * 3
    assert [problem.line for problem in loaded.errors] == [3, 3, 6]


def test_two_rules_of_one_name(tmp_path: Path) -> None:
    problem = only(tmp_path, "rules:\n  - {name: a, any: [x1]}\n  - {name: a, any: [y1]}\n")
    assert (problem.code, where(problem), problem.expected) == ("duplicate-name", (3, 12), f"the first is at {tmp_path}/monitor.yaml:2:12")


@pytest.mark.parametrize("name", ["a/b", "' a'", '"a\\nb"', "x" * 101, '"a\\u0085b"', '"\\u2028"'])
def test_names_that_none_may_have(tmp_path: Path, name: str) -> None:
    assert where(only(tmp_path, f"rules: [{{name: {name}, any: [x1]}}]")) == (1, 16)
    for section, value in (("entities", "{aliases: [xxxx]}"), ("channels", "{type: console}")):
        problem = only(tmp_path, f"{section}: {{? {name} : {value}}}")
        assert (problem.code, where(problem)) == ("name", (1, len(section) + 6))


@pytest.mark.parametrize("name", ["최종 규칙", "a-b_c.d:e", "x" * 100, "5", "'null'", "O'Neil"])
def test_names_that_any_may_have(tmp_path: Path, name: str) -> None:
    assert good(tmp_path, f"rules: [{{name: {name}, any: [x1]}}]").rules[0].name == name.strip("'")


def test_entities(tmp_path: Path) -> None:
    config = good(
        tmp_path,
        """
        entities:
          FFVD: {aliases: [final verified denuclearization]}
          Kim Jong-un: {type: person, aliases: [김정은]}
          Leaders: {members: [Kim Jong-un]}
        rules:
          - {name: a, query: 'entity:FFVD OR entity:"Kim Jong-un" OR entity:type/person'}
        """,
    )
    assert config.entities.names == ("FFVD", "Kim Jong-un", "Leaders")
    assert config.entity_places["Kim Jong-un"].line == 4


@pytest.mark.parametrize(
    ("entity", "message", "caret"),
    [
        ("{members: [Nobody]}", "entity 'E': there is no entity 'Nobody'", "Nobody"),
        ("{aliases: ['a*b']}", "entity 'E': ", "'a*b'"),
        ("{alises: [b]}", "unknown key 'alises' in entity 'E'", "alises"),
        ("[b]", "entity 'E': a list where keys and values are expected", "[b]"),
        ("{members: [E]}", "entity 'E': it is a member of itself: E → E", "[E]"),
    ],
)
def test_faulty_entities_and_nothing_that_follows_from_them(tmp_path: Path, entity: str, message: str, caret: str) -> None:
    problem = only(tmp_path, f"entities: {{E: {entity}}}\nrules: [{{name: a, query: 'entity:E'}}]\n")
    assert problem.message.startswith(message)
    assert pointed(problem) == caret


def test_an_alias_of_two_entities_names_both(tmp_path: Path) -> None:
    loaded = read(tmp_path, "entities:\n  A: {aliases: [Kim]}\n  B: {aliases: [=kim]}\n")
    (problem,) = loaded.problems
    assert (problem.code, where(problem), str(problem.severity)) == ("shared-alias", (3, 17), "warning")
    assert problem.message == "'=kim' stands for entity 'B' and for 'A'"
    assert problem.expected == f"the other is at {tmp_path}/monitor.yaml:2:17"


def test_examples_that_hold(tmp_path: Path) -> None:
    good(
        tmp_path,
        """
        rules:
          - name: a
            query: title:FFVD OR body:waiver OR site:kcna.kp OR tag:korea OR feed:Yonhap
            examples:
              match: [About FFVD, A waiver, {site: KCNA, url: "https://www.kcna.kp/1"}, {tag: korea}, {feed: Yonhap},
                      {title: FFVD, body: x}]
              not: [Something else, {body: About FFVD}, {title: A waiver}]
        """,
    )


def test_examples_that_do_not_hold(tmp_path: Path) -> None:
    loaded = read(
        tmp_path,
        "rules:\n  - name: a\n    any: [FFVD]\n    examples:\n      match: [About FFVD, About nothing]\n      not: [No FFVD here]\n",
    )
    missed, found = loaded.errors
    assert (missed.message, where(missed), missed.expected) == ("rule 'a' does not match its own example", (5, 27), "a match of FFVD")
    assert (found.message, where(found), found.expected) == (
        "rule 'a' matches an example that it must not",
        (6, 13),
        "no match; found: FFVD",
    )


def test_wrong_examples(tmp_path: Path) -> None:
    rule = "rules: [{{name: a, any: [x1], examples: {0}}}]"
    problem = only(tmp_path, rule.format("{match: [{titel: x1}]}"))
    assert (problem.message, problem.suggestion) == ("unknown key 'titel' in rule 'a'", "did you mean 'title'?")
    assert problem.expected is not None
    assert problem.expected.startswith("'match' takes: text, title")
    assert only(tmp_path, rule.format("[x1]")).message == "'examples' in rule 'a': a list where keys and values are expected"
    assert only(tmp_path, rule.format("{match: x1}")).suggestion == "write [x1]"


def test_a_query_s_warning_has_its_place(tmp_path: Path) -> None:
    loaded = read(tmp_path, "rules:\n  - name: a\n    query: lang:en AND lang:ko AND FFVD\n")
    for problem in loaded.warnings:
        assert (problem.code, problem.line) == ("query", 3)
    assert loaded.config is not None
