"""The JSON schema that editors use, made from the models that check a configuration; `config/monitor.schema.json` holds it.

Draft 7, which editors know best. It never refuses what the program takes: references (`${NAME}`) are allowed for every value.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from monitor.alerts.channels import registry
from monitor.config.includes import SECTIONS
from monitor.config.keys.base import ANY_SCALAR, REFERENCE
from monitor.config.keys.channels import ChannelKeys
from monitor.config.keys.defaults import Defaults, Retention
from monitor.config.keys.entities import EntityKeys
from monitor.config.keys.feeds import FeedKeys
from monitor.config.keys.network import NetworkKeys
from monitor.config.keys.rules import RuleKeys
from monitor.config.keys.top import TopKeys
from monitor.config.keys.web import WebKeys

_MODELS: tuple[type[BaseModel], ...] = (
    Defaults, Retention, EntityKeys, FeedKeys, NetworkKeys, RuleKeys, TopKeys, WebKeys, ChannelKeys,
)  # fmt: skip
_NAME = {"minLength": 1, "maxLength": 100, "pattern": "^[^/]+$"}
_EMPTY: tuple[Any, ...] = (None, [], {}, "")


def schema() -> dict[str, Any]:
    """JSON schema of one configuration file, the first or an included one."""
    _, made = models_json_schema([(model, "validation") for model in _MODELS], ref_template="#/definitions/{model}")
    definitions = {name: _tidy(each) for name, each in made["$defs"].items()}
    top = definitions.pop("TopKeys")["properties"]
    common = definitions.pop("ChannelKeys")["properties"]
    definitions["Channel"] = _channel(common, definitions)
    definitions["FeedKeys"]["oneOf"] = [{"required": ["url"]}, {"required": ["opml"]}]
    definitions["RuleKeys"]["anyOf"] = [{"required": [key]} for key in ("query", "any", "all", "none")]
    bare = {"anyOf": [{"$ref": "#/definitions/Example"}, ANY_SCALAR]}
    for key in ("match", "not"):
        definitions["Examples"]["properties"][key]["items"] = bare
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Configuration of monitor",
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {name: _section(name, top) for name in SECTIONS},
        "definitions": dict(sorted(definitions.items())),
    }


def schema_text() -> str:
    """The schema as the file holds it."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def _section(name: str, top: dict[str, Any]) -> dict[str, Any]:
    if name in top:
        return _or_empty(top[name])
    strings = {"type": "array", "items": {"type": "string"}}
    sections: dict[str, dict[str, Any]] = {
        "defaults": {"$ref": "#/definitions/Defaults"},
        "network": {"$ref": "#/definitions/NetworkKeys"},
        "web": {"$ref": "#/definitions/WebKeys"},
        "retention": {"$ref": "#/definitions/Retention"},
        "feeds": _list(
            {"anyOf": [{"type": "string"}, {"$ref": "#/definitions/FeedKeys"}]}, "What is polled: URLs, feeds with keys, OPML files."
        ),
        "rules": _list({"$ref": "#/definitions/RuleKeys"}, "What to watch for."),
        "entities": _named({"anyOf": [{"$ref": "#/definitions/EntityKeys"}, {"type": "null"}]}, "Names with aliases, by name."),
        "channels": _named({"$ref": "#/definitions/Channel"}, "Where deliveries go, by name."),
        "operations": _list(ANY_SCALAR, "Channels that hear of feeds, channels and storage in trouble."),
        "include": {
            "anyOf": [{"type": "string"}, strings],
            "description": "More files, relative to this one; patterns such as rules/*.yaml.",
        },
    }
    return _or_empty(sections[name])


def _list(items: dict[str, Any], description: str) -> dict[str, Any]:
    return {"type": "array", "items": items, "description": description}


def _named(values: dict[str, Any], description: str) -> dict[str, Any]:
    return {"type": "object", "propertyNames": _NAME, "additionalProperties": values, "description": description}


def _or_empty(section: dict[str, Any]) -> dict[str, Any]:
    """A section may be there without a value: all its lines commented out."""
    description = {"description": section["description"]} if "description" in section else {}
    return {"anyOf": [section, {"type": "null"}], **description}


def _channel(common: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    types = registry()
    common = dict(common)
    common["type"] = {"enum": sorted(types), "description": common["type"].get("description", "")}
    common["quiet_hours"] = {"anyOf": [common["quiet_hours"], common["quiet_hours"]["items"]]}
    cases = []
    for name, model in sorted(types.items()):
        own = _tidy(model.model_json_schema(ref_template="#/definitions/{model}"))
        definitions.update(own.pop("$defs", {}))
        cases.append(
            {
                "if": {"properties": {"type": {"const": name}}, "required": ["type"]},
                "then": {
                    "properties": {**common, **own.get("properties", {})},
                    "required": ["type", *own.get("required", [])],
                    "additionalProperties": False,
                },
            }
        )
    return {"type": "object", "required": ["type"], "properties": {"type": common["type"]}, "allOf": cases}


def _tidy(node: Any, *, names: bool = False) -> Any:
    """Without pydantic's titles and empty defaults; null is no value here, and a reference is one everywhere.

    `names` says that the keys of `node` are names of properties, not words of JSON schema.
    """
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    if names:
        return {key: _tidy(value) for key, value in node.items()}
    tidy = {key: _tidy(value, names=key in ("properties", "$defs")) for key, value in node.items() if key not in ("title", "examples")}
    if "examples" in node:
        tidy["examples"] = node["examples"]
    if tidy.get("default", "") in _EMPTY:
        tidy.pop("default", None)
    alternatives = [each for each in tidy.get("anyOf", ()) if each != {"type": "null"}]
    if len(alternatives) == 1:
        tidy = {**{key: value for key, value in tidy.items() if key != "anyOf"}, **alternatives[0]}
    elif alternatives:
        tidy["anyOf"] = alternatives
    return _with_reference(tidy)


def _with_reference(node: dict[str, Any]) -> dict[str, Any]:
    if "enum" not in node and node.get("type") not in ("boolean", "integer", "number"):
        return node
    about: dict[str, Any] = {key: node.pop(key) for key in ("description", "default") if key in node}
    return {"anyOf": [node, {"type": "string", "pattern": REFERENCE}], **about}
