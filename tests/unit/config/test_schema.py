"""The schema for editors: equal to the file, and never stricter than the program."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from monitor.config import load, schema
from monitor.config.includes import SECTIONS
from monitor.config.json_schema import schema_text
from monitor.config.nodes import Mapping, Node, Scalar, Sequence
from monitor.config.problems import Report
from monitor.config.source import Source
from monitor.config.yaml_read import read_yaml

ROOT = Path(__file__).parents[3]
CONFIG = ROOT / "config"


def test_the_file_is_the_schema() -> None:
    assert (CONFIG / "monitor.schema.json").read_text(encoding="utf-8") == schema_text(), (
        "write it: monitor schema > config/monitor.schema.json"
    )


def test_the_example_is_right_and_names_the_schema() -> None:
    path = CONFIG / "monitor.yaml"
    loaded = load(path, env={})
    assert loaded.problems == ()
    assert loaded.fence is None
    assert path.read_text(encoding="utf-8").split("\n")[0] == "# yaml-language-server: $schema=./monitor.schema.json"
    config = loaded.config
    assert config is not None
    assert {"sanctions-exemptions", "ffvd"} <= {rule.name for rule in config.rules}
    assert [channel.type for channel in config.channels.values()] == ["console"]
    assert len(config.feeds) >= 8


def test_the_comments_of_the_example_are_right_too(tmp_path: Path) -> None:
    text = (CONFIG / "monitor.yaml").read_text(encoding="utf-8")
    active = re.sub(r"^  # (\w+: +\{type: )", r"  \1", text, flags=re.MULTILINE)
    assert active.count("{type: ") == text.count("{type: ")
    path = tmp_path / "monitor.yaml"
    path.write_text(active, encoding="utf-8")
    env = {
        "SLACK_WEBHOOK_URL": "https://hooks.slack.com/services/a",
        "SMTP_PASSWORD": "x",
        "WEBHOOK_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    }
    config = load(path, env=env).config
    assert config is not None
    assert {channel.type for channel in config.channels.values()} == {"console", "slack", "email", "webhook"}


def test_the_sample_of_rules_is_right_when_its_lines_are_taken_in(tmp_path: Path) -> None:
    text = (CONFIG / "rules" / "sample.yaml").read_text(encoding="utf-8")
    path = tmp_path / "sample.yaml"
    rules = re.sub(r"^# (?=entities|rules|  )", "", text, flags=re.MULTILINE)
    path.write_text(rules + "\n  - {name: last, any: [x1]}\nchannels: {terminal: {type: console}}\n", encoding="utf-8")
    loaded = load(path, env={})
    assert [problem.message for problem in loaded.errors] == [
        "there is no entity 'Kim Jong-un'".join(("in the query of rule 'kim-in-russia': ", ""))
    ]


def test_all_sections_are_there() -> None:
    made = schema()
    assert list(made["properties"]) == list(SECTIONS)
    assert made["additionalProperties"] is False
    text = json.dumps(made)
    assert set(re.findall(r'"#/definitions/(\w+)"', text)) <= set(made["definitions"])


def allows(rule: Any, value: Any, root: dict[str, Any]) -> bool:
    """A judge of the part of JSON schema that ours uses."""
    if rule is True:
        return True
    if "$ref" in rule:
        return allows(root["definitions"][rule["$ref"].rpartition("/")[2]], value, root)
    kinds: dict[str, Any] = {
        "object": dict,
        "array": list,
        "string": str,
        "null": type(None),
        "boolean": bool,
        "integer": int,
        "number": (int, float),
    }
    types = [rule["type"]] if isinstance(rule.get("type"), str) else rule.get("type", [])
    if types and not any(
        isinstance(value, kinds[kind]) and not (kind in ("integer", "number") and isinstance(value, bool)) for kind in types
    ):
        return False
    checks = [
        "enum" not in rule or value in rule["enum"],
        "const" not in rule or value == rule["const"],
        "pattern" not in rule or not isinstance(value, str) or re.search(rule["pattern"], value) is not None,
        "minimum" not in rule or not isinstance(value, int) or value >= rule["minimum"],
        "maximum" not in rule or not isinstance(value, int) or value <= rule["maximum"],
        "minLength" not in rule or not isinstance(value, str) or len(value) >= rule["minLength"],
        "maxLength" not in rule or not isinstance(value, str) or len(value) <= rule["maxLength"],
        "minItems" not in rule or not isinstance(value, list) or len(value) >= rule["minItems"],
        "anyOf" not in rule or any(allows(each, value, root) for each in rule["anyOf"]),
        "oneOf" not in rule or sum(allows(each, value, root) for each in rule["oneOf"]) == 1,
        all(allows(each, value, root) for each in rule.get("allOf", ())),
        "if" not in rule or not allows(rule["if"], value, root) or allows(rule["then"], value, root),
    ]
    if isinstance(value, list) and "items" in rule:
        checks += [allows(rule["items"], item, root) for item in value]
    if isinstance(value, dict):
        known = rule.get("properties", {})
        checks += [key in value for key in rule.get("required", ())]
        checks += [allows(known[key], item, root) for key, item in value.items() if key in known]
        rest = rule.get("additionalProperties", True)
        checks += [rest is not False and allows(rest, item, root) for key, item in value.items() if key not in known]
        checks += [allows(rule["propertyNames"], key, root) for key in value if "propertyNames" in rule]
    return all(checks)


def as_editors_see(node: Node | None) -> Any:
    """Plain scalars as YAML 1.2's core schema resolves them."""
    if isinstance(node, Mapping):
        return {key: as_editors_see(item) for key, item in node.items.items()}
    if isinstance(node, Sequence):
        return [as_editors_see(item) for item in node.items]
    if not isinstance(node, Scalar) or node.null:
        return None
    if not node.style and node.text in ("true", "false"):
        return node.text == "true"
    if not node.style and re.fullmatch(r"[-+]?[0-9]+", node.text):
        return int(node.text)
    return node.text


def judged(text: str) -> bool:
    return allows(schema(), as_editors_see(read_yaml(Source(Path("f"), "f", text), Report())), schema())


def test_editors_take_what_the_program_takes() -> None:
    from tests.unit.config.test_load import DESIGN

    assert judged(DESIGN)
    assert judged((CONFIG / "monitor.yaml").read_text(encoding="utf-8"))
    assert judged("")


@pytest.mark.parametrize(
    "text",
    [
        "feeds:\nrules:\n",
        "entities: {A: , B: {aliases: [1000, true]}}",
        "rules: [{name: 5, any: [1000, FFVD]}]",
        "rules: [{name: a, query: x1, examples: {match: [a, {title: b}], not: [5]}}]",
        'defaults: {interval: "${I}", body: "${B}", severity: "${S}"}',
        'network: {per_host: "${N}", robots: "${R}"}',
        'workers: "${W}"',
        "workers: 4",
        "channels: {a: {type: console, quiet_hours: 22:00-07:00}, b: {type: console, quiet_hours: [22:00-07:00]}}",
        'channels: {a: {type: webhook, url: "${U}", secret: [a, b], allow_private: "${P}"}}',
        "web: {listen: 127.0.0.1:0, edit: false}",
        "include: rules/*.yaml",
        "include: [rules/*.yaml]",
        "defaults: {interval: auto, max_age: off}",
    ],
)
def test_what_editors_must_take(text: str) -> None:
    assert judged(text)


@pytest.mark.parametrize(
    "text",
    [
        "feds: []",
        "feeds: [{url: https://a.example.org, nme: x}]",
        "feeds: [{name: x}]",
        "feeds: [{url: https://a.example.org, opml: f}]",
        "feeds: [{url: ftp://a.example.org}]",
        "rules: [{name: a}]",
        "rules: [{query: x1}]",
        "rules: [{name: a, any: [x1], severity: hgh}]",
        "channels: {a: {}}",
        "channels: {a: {type: slak}}",
        "channels: {a: {type: console, url: x}}",
        "channels: {a: {type: webhook}}",
        "channels: {a/b: {type: console}}",
        "defaults: {interval: 5}",
        "network: {per_host: 0}",
        "- a",
    ],
)
def test_what_editors_mark(text: str) -> None:
    assert not judged(text)
