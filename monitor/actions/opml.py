"""Feeds as OPML 2.0 (opml.org/spec2.opml), the form that feed readers exchange."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lxml import etree

from monitor.config import render
from monitor.config.opml import read_opml
from monitor.config.problems import Place, Report
from monitor.errors import ConfigError


def read(path: Path) -> list[dict[str, Any]]:
    """The feeds of a file with their names, and their folders as tags, each once. Raises ConfigError."""
    report = Report()
    found = read_opml(path, str(path), Place(str(path), 1, 1), report)
    if found is None or report.failed:
        raise ConfigError(render([problem for problem in report.problems if problem.severity == "error"]))
    feeds: dict[str, dict[str, Any]] = {}
    for outline in found.outlines:
        feed = feeds.setdefault(outline.url, {"url": outline.url, "name": outline.name, "tags": []})
        feed["tags"] = list(dict.fromkeys([*feed["tags"], *outline.folders]))
    return list(feeds.values())


def write(feeds: Iterable[dict[str, Any]]) -> bytes:
    """A file of feeds, one folder a tag: a feed with several tags stands in each, as readers do it."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Feeds of monitor"
    body = etree.SubElement(root, "body")
    folders: dict[str, Any] = {}
    for feed in feeds:
        for tag in feed["tags"] or [None]:
            parent = body
            if tag is not None:
                if tag not in folders:
                    folders[tag] = etree.SubElement(body, "outline", text=_xml(tag), title=_xml(tag))
                parent = folders[tag]
            name = _xml(feed["name"])
            outline = etree.SubElement(parent, "outline", type="rss", text=name, title=name, xmlUrl=_xml(feed["url"]))
            if feed.get("link"):
                outline.set("htmlUrl", _xml(feed["link"]))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _xml(text: str) -> str:
    """Text without what XML 1.0 can't hold."""
    return "".join(
        char for char in text if char in "\t\n\r" or (char >= " " and not "\ud800" <= char <= "\udfff" and char not in "\ufffe\uffff")
    )
