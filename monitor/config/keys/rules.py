"""`rules`: what to watch for."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from monitor.config.keys.base import Keys, Name, RateText, Term, Text
from monitor.model import Severity


class Example(Keys):
    """An article to try a rule on; a bare text stands for `text`."""

    text: Text | None = Field(None, description="Text that stands in the title or in the body.")
    title: Text = Field("", description="The article's title.")
    body: Text = Field("", description="Its body.")
    author: Text | None = Field(None, description="Its author.")
    site: Text | None = Field(None, description="The site's name.")
    url: Text | None = Field(None, description="Its address.")
    lang: Text | None = Field(None, description="Its language: en, ko …")
    feed: Text | None = Field(None, description="The name of a feed that carried it.")
    tag: Text | None = Field(None, description="A tag of that feed.")

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: object) -> object:
        return {"text": value} if isinstance(value, str) else value


class Examples(Keys):
    """Texts that the rule must find, and texts that it must not; tried whenever the configuration is read."""

    match: tuple[Example, ...] = Field((), description="Each must match: a text, or title, body, site … of an article.")
    not_: tuple[Example, ...] = Field((), alias="not", description="None may match.")


class RuleKeys(Keys):
    """A rule: a query, or the lists any, all and none, which are joined by AND."""

    name: Name = Field(description="What people call it; a changed query keeps the history of its name.")
    query: Text | None = Field(None, description="The query language's text.")
    any: tuple[Term, ...] | None = Field(None, description="At least one of these must stand in the text.")
    all: tuple[Term, ...] | None = Field(None, description="Each of these must stand in the text.")
    none: tuple[Term, ...] | None = Field(None, description="None of these may stand in the text.")
    severity: Severity | None = Field(None, description="critical, high, normal or low.")
    notify: tuple[Name, ...] = Field((), description="Channels; without any, alerts are made and seen, and sent nowhere.")
    examples: Examples | None = Field(None, description="Texts that must match, and texts that must not.")
    again: Literal["never", "on_change"] = Field("never", description="Whether a changed article alerts again.")
    throttle: RateText | None = Field(None, description="Most alerts in a time: 10/1h.")
