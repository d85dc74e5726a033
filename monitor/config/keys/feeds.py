"""`feeds`: one feed, or a file of feeds."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from monitor.config.keys.base import ANY_SCALAR, Age, AutoInterval, HeaderName, HttpUrl, Keys, Line, Name, Tag, Text, filled, printable
from monitor.config.keys.defaults import Backlog, Body
from monitor.config.units import wrong


def selector(value: object) -> str:
    """A CSS selector that pages can be asked."""
    from monitor.feeds.css import to_xpath

    written = filled(value).strip()
    try:
        to_xpath(written)
    except ValueError as error:
        raise wrong(str(error), expected="a CSS selector such as article.news > a")
    return written


def _basic(value: object) -> str:
    written = printable(value)
    if ":" not in written:
        raise wrong("there is no ':' between user and password", expected='user:password, as "user:${PASSWORD}"')
    return written


Selector = Annotated[str, BeforeValidator(selector), WithJsonSchema(ANY_SCALAR)]
Basic = Annotated[str, BeforeValidator(_basic), WithJsonSchema(ANY_SCALAR)]


class Select(Keys):
    """CSS selectors for a feed of type page."""

    item: Selector | None = Field(None, description="Each article's element on the page.")
    link: Selector | None = Field(None, description="Its link, within the item.")
    title: Selector | None = Field(None, description="Its title, within the item.")
    time: Selector | None = Field(None, description="Its time, within the item.")


class Auth(Keys):
    """Who the program is to the feed's server: one of the two."""

    basic: Basic | None = Field(None, description='user:password, as "user:${PASSWORD}".')
    bearer: Line | None = Field(None, description='A token, as "${TOKEN}".')


class FeedKeys(Keys):
    """A feed by its URL, or by `opml` all feeds of a file."""

    url: HttpUrl | None = Field(None, description="The feed's address.")
    opml: Text | None = Field(None, description="An OPML file, relative to this one; its folders become tags.")
    name: Name | None = Field(None, description="What people call it.")
    tags: tuple[Tag, ...] = Field((), description="Words that rules find by tag:.")
    interval: AutoInterval = Field(None, description="Time between two polls, at least 1s, or auto.")
    body: Body = Field("auto", description="Where the text comes from: page, feed, or whichever has it.")
    backlog: Backlog = Field("none", description="What its first entries are: stored only, also read, or also alerted on.")
    max_age: Age = Field(None, description="Entries dated older than this are backlog.")
    type: Literal["feed", "sitemap", "page"] | None = Field(None, description="What the address gives; found out if absent.")
    select: Select | None = Field(None, description="Selectors for type page.")
    auth: Auth | None = Field(None, description="Sign-in for the feed's server.")
    headers: dict[HeaderName, Line] = Field({}, description="Headers to send.")
    cookie: Line | None = Field(None, description="The Cookie header to send.")
    user_agent: Line | None = Field(None, description="Instead of network.user_agent.")
    proxy: HttpUrl | None = Field(None, description="Instead of network.proxy.")
