"""CSS selectors (Selectors Level 3, the part that people write) as XPath: no further dependency for one feature.

Understood: `tag`, `*`, `.class`, `#id`, `[attr]`, `[attr=value]` and `~= |= ^= $= *=`, `:first-child`, `:last-child`,
`:only-child`, `:empty`, `:nth-child(3)`, `:not(simple)`, the combinators space, `>`, `+`, `~`, and lists with commas.
"""

from __future__ import annotations

import re

_IDENT = r"-?[_a-zA-Z\u0080-\U0010ffff](?:[\w\u0080-\U0010ffff-])*"
_NAME = "[a-zA-Z_][a-zA-Z0-9_-]*"
_TOKEN = re.compile(
    rf"""\s*(?P<combinator>[>+~])\s*|(?P<comma>\s*,\s*)|(?P<space>\s+)
    |(?P<tag>{_NAME}|\*)|\.(?P<class>{_IDENT})|\#(?P<id>{_IDENT})
    |\[\s*(?P<attribute>{_NAME})\s*(?:(?P<operator>[~|^$*]?=)\s*(?P<value>"[^"]*"|'[^']*'|[^\]\s]+)\s*)?\]
    |:not\(\s*(?P<not>[^()]+?)\s*\)|:(?P<pseudo>[a-z-]+)(?:\(\s*(?P<argument>\d+)\s*\))?""",
    re.X,
)
_AXES = {" ": "descendant::", ">": "child::", "~": "following-sibling::"}


def to_xpath(selector: str) -> str:
    """An XPath expression for `selector`, to be asked of an element for what is below it. Raises ValueError with the place."""
    selector = selector.strip()
    if not selector:
        raise ValueError("an empty selector")
    return " | ".join(_path(part.strip()) for part in _split(selector))


def _split(selector: str) -> list[str]:
    """The parts of a list; commas in quotes and brackets don't part."""
    parts, depth, quote, start = [], 0, "", 0
    for place, character in enumerate(selector):
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
        elif character == "," and not depth:
            parts.append(selector[start:place])
            start = place + 1
    return [*parts, selector[start:]]


def _path(selector: str) -> str:
    place, steps, combinator, name = 0, "", " ", ""
    conditions: list[str] = []
    if not selector:
        raise ValueError("a comma with nothing beside it")
    while place < len(selector):
        found = _TOKEN.match(selector, place)
        if found is None or found.end() == place or found["comma"]:
            raise ValueError(f"{selector[place : place + 20]!r} is no selector that is understood")
        place = found.end()
        if found["combinator"] or found["space"]:
            if not (name or conditions):
                raise ValueError(f"{selector!r} has a combinator without a selector before it")
            steps += _step(combinator, name, conditions)
            combinator, name, conditions = found["combinator"] or " ", "", []
        elif found["tag"]:
            if name or conditions:
                raise ValueError(f"{selector!r}: the name of a tag comes first")
            name = found["tag"]
        else:
            conditions.append(_condition(found))
    if not (name or conditions):
        raise ValueError(f"{selector!r} ends in a combinator")
    return f".{steps}{_step(combinator, name, conditions)}"


def _step(combinator: str, name: str, conditions: list[str]) -> str:
    test = "*" if name in ("", "*") else name.lower()
    if combinator == "+":  # the sibling right behind, if it is one of these
        own = [] if test == "*" else [f"self::{test}"]
        return "/following-sibling::*[1]" + "".join(f"[{condition}]" for condition in [*own, *conditions])
    return f"/{_AXES[combinator]}{test}" + "".join(f"[{condition}]" for condition in conditions)


def _condition(found: re.Match[str]) -> str:
    if found["class"]:
        return f"contains(concat(' ', normalize-space(@class), ' '), {_quoted(' ' + found['class'] + ' ')})"
    if found["id"]:
        return f"@id = {_quoted(found['id'])}"
    if found["not"]:
        return f"not({_simple(found['not'])})"
    if found["pseudo"]:
        return _pseudo(found["pseudo"], found["argument"])
    attribute, operator = f"@{found['attribute'].lower()}", found["operator"]
    if operator is None:
        return attribute
    value = _quoted(found["value"].strip("\"'") if found["value"][0] in "\"'" else found["value"])
    return {
        "=": f"{attribute} = {value}",
        "~=": f"contains(concat(' ', normalize-space({attribute}), ' '), concat(' ', {value}, ' '))",
        "|=": f"({attribute} = {value} or starts-with({attribute}, concat({value}, '-')))",
        "^=": f"starts-with({attribute}, {value})",
        "$=": f"substring({attribute}, string-length({attribute}) - string-length({value}) + 1) = {value}",
        "*=": f"contains({attribute}, {value})",
    }[operator]


def _simple(selector: str) -> str:
    """One condition inside :not()."""
    found = _TOKEN.fullmatch(selector)
    if found is None or found["combinator"] or found["comma"] or found["space"] or found["not"]:
        raise ValueError(f":not({selector}) is not understood")
    return f"self::{found['tag'].lower()}" if found["tag"] else _condition(found)


def _pseudo(name: str, argument: str | None) -> str:
    known = {
        "first-child": "not(preceding-sibling::*)",
        "last-child": "not(following-sibling::*)",
        "only-child": "not(preceding-sibling::* or following-sibling::*)",
        "empty": "not(node())",
    }
    if name == "nth-child" and argument:
        return f"count(preceding-sibling::*) = {int(argument) - 1}"
    if name not in known or argument:
        raise ValueError(f":{name} is not understood")
    return known[name]


def _quoted(value: str) -> str:
    """A string of XPath 1.0, which knows no escape."""
    if "'" not in value:
        return f"'{value}'"
    if '"' not in value:
        return f'"{value}"'
    return "concat(" + ', "\'", '.join(f"'{piece}'" for piece in value.split("'")) + ")"
