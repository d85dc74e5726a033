"""What Slack's incoming webhooks take and what they show: limits of Block Kit, rich text, and mrkdwn's control sequences.

Sources: Slack's reference for Block Kit blocks and elements, "Formatting text for app surfaces", "Sending messages
using incoming webhooks". Slack answers a payload it can't use with 400 and a code as text.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

BLOCKS = {"actions", "context", "divider", "header", "image", "rich_text", "section", "video"}
RICH = {"rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted"}
LEAVES = {"text", "link", "emoji", "user", "usergroup", "channel", "broadcast", "date", "color"}
STYLES = {"bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"}
CONTROL = re.compile(r"<([^<>]*)>")


class Refused(Exception):
    """`code` is what Slack answers, `why` what it does not tell."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(f"{code}: {why}")
        self.code, self.why = code, why


def _need(fine: bool, why: str, code: str = "invalid_payload") -> None:
    if not fine:
        raise Refused(code, why)


def check(body: bytes) -> dict[str, Any]:
    """Answers the payload; raises Refused for what Slack would refuse."""
    try:
        payload: dict[str, Any] = json.loads(body)
    except ValueError:
        raise Refused("invalid_payload", "not JSON")
    _need(isinstance(payload, dict), "not an object")
    blocks = payload.get("blocks") or []
    _need(bool(payload.get("text") or blocks or payload.get("attachments")), "neither text nor blocks", "no_text")
    _need(isinstance(payload.get("text", ""), str), "text is no string")
    _need(len(payload.get("text", "")) <= 40_000, "text over 40,000 characters", "msg_too_long")
    _need(isinstance(blocks, list) and len(blocks) <= 50, "more than 50 blocks")
    for block in blocks:
        _block(block)
    return payload


def _text(value: Any, limit: int, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> None:
    _need(isinstance(value, dict) and value.get("type") in kinds, f"a text object of type {kinds}")
    text = value.get("text")
    _need(isinstance(text, str) and 1 <= len(text) <= limit, f"text of 1 to {limit} characters")


def _block(block: Any) -> None:
    _need(isinstance(block, dict) and block.get("type") in BLOCKS, f"no such block: {block!r:.80}")
    _need(len(str(block.get("block_id", ""))) <= 255, "block_id over 255 characters")
    match block["type"]:
        case "header":
            _text(block.get("text"), 150, ("plain_text",))
        case "section":
            _need("text" in block or "fields" in block, "a section without text or fields")
            if "text" in block:
                _text(block["text"], 3000)
            _need(len(block.get("fields", [])) <= 10, "more than 10 fields")
            for item in block.get("fields", []):
                _text(item, 2000)
        case "context":
            elements = block.get("elements", [])
            _need(1 <= len(elements) <= 10, "a context of 1 to 10 elements")
            for element in elements:
                if element.get("type") != "image":
                    _text(element, 3000)
        case "actions":
            _need(1 <= len(block.get("elements", [])) <= 25, "actions of 1 to 25 elements")
        case "rich_text":
            _need(isinstance(block.get("elements"), list) and bool(block["elements"]), "rich_text without elements")
            for element in block["elements"]:
                _rich(element)


def _rich(element: Any) -> None:
    _need(isinstance(element, dict) and element.get("type") in RICH, f"no such rich text element: {element!r:.80}")
    inner = element.get("elements")
    _need(isinstance(inner, list) and bool(inner), f"{element['type']} without elements")
    if element["type"] == "rich_text_list":
        _need(element.get("style") in ("bullet", "ordered"), "a list's style is bullet or ordered")
        for item in inner:
            _need(isinstance(item, dict) and item.get("type") == "rich_text_section", "a list holds sections")
            _rich(item)
        return
    for leaf in inner:
        _leaf(leaf)


def _leaf(leaf: Any) -> None:
    _need(isinstance(leaf, dict) and leaf.get("type") in LEAVES, f"no such element: {leaf!r:.80}")
    style = leaf.get("style", {})
    _need(isinstance(style, dict) and set(style) <= STYLES, f"unknown style {style!r}")
    _need(all(isinstance(v, bool) for v in style.values()), "a style is true or false")
    if leaf["type"] == "text":
        _need(isinstance(leaf.get("text"), str) and bool(leaf["text"]), "a text element of no characters")
        _need(set(leaf) <= {"type", "text", "style"}, f"unknown keys in a text element: {sorted(leaf)}")
    if leaf["type"] == "link":
        _need(isinstance(leaf.get("url"), str) and 1 <= len(leaf["url"]) <= 3000, "a link without a good url")
        _need("text" not in leaf or (isinstance(leaf["text"], str) and bool(leaf["text"])), "a link's text of no characters")
        _need(set(leaf) <= {"type", "url", "text", "style", "unsafe"}, f"unknown keys in a link element: {sorted(leaf)}")


# -- what people see --------------------------------------------------------------------------------------------------


@dataclass
class Shown:
    """A message as Slack shows it: its lines, the links in it, and everybody whom it would ping."""

    lines: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)  # (url, text)
    bold: list[str] = field(default_factory=list)
    mentions: list[str] = field(default_factory=list)
    fallback: str = ""

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def read_mrkdwn(text: str, shown: Shown) -> str:
    """Text with its control sequences resolved; `<!channel>`, `<@U…>`, `<#C…>` and `<url|text>` work, the rest is literal."""

    def resolve(found: re.Match[str]) -> str:
        target, _, label = found[1].partition("|")
        if target[:1] in ("!", "@", "#"):
            shown.mentions.append(target)
            return label or target
        shown.links.append((unescape(target), unescape(label or target)))
        return label or target

    return unescape(CONTROL.sub(resolve, text))


def shown(payload: dict[str, Any]) -> Shown:
    result = Shown()
    if payload.get("text"):
        # The fallback pings too: notifications are made from it.
        result.fallback = read_mrkdwn(payload["text"], result)
    blocks = payload.get("blocks") or []
    if not blocks:
        result.lines = result.fallback.split("\n")
        return result
    result.links.clear()
    for block in blocks:
        if block["type"] == "rich_text":
            for element in block["elements"]:
                _show_rich(element, result)
        elif block["type"] == "divider":
            result.lines.append("---")
        else:
            for text in [block.get("text"), *block.get("fields", []), *block.get("elements", [])]:
                if isinstance(text, dict) and "text" in text and isinstance(text["text"], str):
                    plain = text["type"] == "plain_text"
                    result.lines += (text["text"] if plain else read_mrkdwn(text["text"], result)).split("\n")
    return result


def _show_rich(element: dict[str, Any], result: Shown) -> None:
    if element["type"] == "rich_text_list":
        for item in element["elements"]:
            _show_rich(item, result)
        return
    parts: list[str] = []
    for leaf in element["elements"]:
        kind = leaf["type"]
        text = leaf.get("text") or leaf.get("url") or ""
        if kind == "link":
            result.links.append((leaf["url"], text))
        elif kind not in ("text", "emoji", "date", "color"):
            result.mentions.append(json.dumps(leaf))
        if leaf.get("style", {}).get("bold"):
            result.bold.append(text)
        parts.append(text)
    quote = "> " if element["type"] == "rich_text_quote" else ""
    result.lines += [quote + line for line in "".join(parts).rstrip("\n").split("\n")]
