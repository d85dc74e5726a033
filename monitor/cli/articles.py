"""monitor articles …"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.context import ConfigOption, JsonOption, LimitOption, StateOption, missing, reading, run, with_store
from monitor.cli.feeds import FromOption, SourceArgument

if TYPE_CHECKING:
    from monitor.cli.sources import Document
    from monitor.store.database import Store
    from monitor.workers import Workers

app = typer.Typer(no_args_is_help=True, help="Articles: list, show, export, preview.")

_EMPTY: dict[str, Any] = dict.fromkeys(
    ("url", "canonical_url", "title", "author", "site", "language", "published_at", "body", "warnings", "error")
) | {"warnings": []}


@app.command("list")
def list_(
    config: ConfigOption = None,
    state: StateOption = None,
    feed: Annotated[str | None, typer.Option("--feed", metavar="FEED", help="Only those of a feed: its name or URL.")] = None,
    limit: LimitOption = 50,
    json_: JsonOption = False,
) -> None:
    """List stored articles, newest first.

    \b
    Examples:
      monitor articles list
      monitor articles list --feed "Yonhap" --limit 10
    """
    from monitor.cli.output import Column, json_lines, note, table
    from monitor.store import listing

    items = reading(config, state, listing.articles, feed=feed, limit=limit)
    if json_:
        json_lines(items)
        return
    if not items:
        note("no articles yet: the first good poll of a feed stores what it holds")
    table(
        items,
        [
            Column("id", "ID"),
            Column("seen_at", "SEEN", kind="time"),
            Column("text", "TEXT"),
            Column("language", "LANG"),
            Column("title", "TITLE", wide=True),
            Column("url", "URL", wide=True),
        ],
    )


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="ARTICLE", help="Its URL or id.")],
    config: ConfigOption = None,
    state: StateOption = None,
    json_: JsonOption = False,
) -> None:
    """Show an article with its text.

    \b
    Examples:
      monitor articles show https://www.koreaherald.com/view.php?ud=20181029000675
    """
    from monitor.articles import normalize_url
    from monitor.cli.output import clean, json_out, out
    from monitor.store import listing, sql

    key = sql.digest(normalize_url(name)) if "/" in name else None
    item = reading(config, state, listing.find_article, name, key)
    if item is None:
        raise missing("article", name, "'monitor explain URL' says why it is not here")
    if json_:
        json_out(item)
        return
    out(clean(item["title"]))
    out(clean(item["url"] or "no link"))
    about = [item["site"], item["author"], item["published_at"], item["language"]]
    out(" · ".join(clean(part) for part in about if part))
    out(
        f"text: {item['text']}"
        + (f" ({': '.join(clean(part) for part in (item['why'], item['why_text']) if part)})" if item["why"] else "")
    )
    out(f"feeds: {', '.join(clean(feed['name']) for feed in item['feeds'])}")
    out()
    for line in item["body"].split("\n"):
        out(clean(line))


@app.command()
def export(config: ConfigOption = None, state: StateOption = None) -> None:
    """Write every article as a JSON line: url title author site language published_at body source tags.

    \b
    Examples:
      monitor articles export > articles.jsonl
    """
    from monitor.cli.output import json_lines
    from monitor.store import listing

    async def work(store: Store) -> None:
        after = -1
        while after:
            items, after = await store.read(listing.export_page, after, 500)
            json_lines(items)

    with_store(config, state, work)


@app.command()
def preview(source: SourceArgument = None, from_: FromOption = None, config: ConfigOption = None, json_: JsonOption = False) -> None:
    """Show what the program would read from pages, and store nothing. A file is read alone.

    \b
    Examples:
      monitor articles preview https://www.koreaherald.com/view.php?ud=20181029000675
      monitor articles preview page.html --json
    """
    from monitor.cli.sources import looked_at, shown, sources
    from monitor.pipeline.visit import ACCEPT

    found = sources(source or (), from_)
    run(shown(found, looked_at(found, _look, _EMPTY, accept=ACCEPT, config=config), _print, json_))


async def _look(document: Document, workers: Workers) -> dict[str, Any]:
    from monitor.articles import PartialPage, is_html, read_page
    from monitor.cli.sources import stamp
    from monitor.errors import ExtractError
    from monitor.store.sql import clean

    if document.content_type is not None and not is_html(document.content_type, document.body[:1024]):
        raise ExtractError("not-html", f"the page is {document.content_type.split(';')[0]}, not HTML")
    error = None
    try:
        page = await workers.run(read_page, document.body, document.url or "", document.content_type)
    except PartialPage as part:
        page, error = part.page, part.text
    return {
        "url": document.url,
        "canonical_url": page.canonical_url,
        "title": clean(page.title),
        "author": clean(page.author),
        "site": clean(page.site),
        "language": page.language,
        "published_at": stamp(page.published_at),
        "body": clean(page.body),
        "warnings": [
            *page.warnings,
            *([f"the article goes on at {page.next_url}, which a preview does not read"] if page.next_url else []),
        ],
        "error": error,
    }


def _print(item: dict[str, Any], json_: bool) -> None:
    from monitor.cli.output import clean, json_out, note, out

    if json_:
        json_out(item)
        return
    if item["error"]:
        note(f"error: {clean(item['source'])}: {clean(item['error'])}")
        return
    out(clean(item["title"] or "no title"))
    about = [item["site"], item["author"], item["published_at"], item["language"]]
    out(" · ".join(clean(part) for part in about if part) or "no facts found")
    out(clean(item["canonical_url"] or item["url"] or item["source"]))
    out()
    for line in (item["body"] or "").split("\n"):
        out(clean(line))
