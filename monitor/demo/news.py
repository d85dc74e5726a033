"""The texts that the demo's newspapers print, and an endless supply of ordinary articles made from them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

BRIEF = {"en": "News in brief", "ko": "간추린 소식", "ar": "أخبار موجزة"}


@dataclass(frozen=True)
class Text:
    """An article's words, before a newspaper prints it."""

    title: str
    author: str | None
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class PaperPlan:
    """A newspaper as `news.yaml` describes it; `shows` is how many of its newest articles the feed lists."""

    key: str
    name: str
    language: str
    format: str
    shows: int


@dataclass(frozen=True)
class News:
    """All that is printed: the papers, the articles that rules watch for with their papers, and ordinary texts by language."""

    papers: tuple[PaperPlan, ...]
    alerts: tuple[tuple[str, Text], ...]
    ordinary: dict[str, tuple[Text, ...]]

    def supply(self, language: str, start: int = 0) -> Iterator[Text]:
        """Ordinary texts without end: each written one once, from the `start`-th on, then pages of paragraphs from several."""
        written = self.ordinary[language]
        count = len(written)
        yield from (written[(start + number) % count] for number in range(count))
        for number in itertools.count(1):
            picked = [written[(start + number + step) % count] for step in range(3)]
            paragraphs = tuple(text.paragraphs[(number // count + step) % 2] for step, text in enumerate(picked))
            yield Text(f"{BRIEF[language]} {number}: {picked[0].title}", None, paragraphs)


def load() -> News:
    from ruamel.yaml import YAML

    data: dict[str, Any] = YAML(typ="safe").load(files("monitor.demo").joinpath("news.yaml").read_text(encoding="utf-8"))
    papers = tuple(
        PaperPlan(key, plan["name"], plan["language"], plan["format"], plan.get("shows", 12)) for key, plan in data["papers"].items()
    )
    alerts: list[tuple[str, Text]] = []
    for item in data["alerts"]:
        if "copies" in item:
            original = alerts[item["copies"]][1]
            paragraphs = original.paragraphs[: len(original.paragraphs) - item["drop"]]
        else:
            paragraphs = tuple(item["text"])
        alerts.append((item["paper"], Text(item["title"], item["author"], paragraphs)))
    ordinary: dict[str, tuple[Text, ...]] = {}
    for item in data["ordinary"]:
        text = Text(item["title"], None, tuple(item["text"]))
        ordinary[item["language"]] = (*ordinary.get(item["language"], ()), text)
    return News(papers, tuple(alerts), ordinary)
