"""SOURCE of the preview commands: URLs, files, or the lines of --from; one after another, each its own success or error."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from monitor.errors import FetchError, MonitorError

if TYPE_CHECKING:
    from monitor.config.settings import Config
    from monitor.net import Client, Response
    from monitor.workers import Workers

LIMIT = 10_000_000  # bytes of one source, as everywhere


@dataclass(frozen=True, slots=True)
class Source:
    """What to look at: `name` as given; a file is read alone, `url` is where it came from."""

    name: str
    url: str | None
    path: Path | None


@dataclass(frozen=True, slots=True)
class Document:
    body: bytes
    url: str | None
    content_type: str | None


def sources(given: Iterable[str], lines: Path | None) -> list[Source]:
    """The sources of a command line. Raises typer.BadParameter for a line that is none."""
    found = [Source(name, name, None) if _is_url(name) else Source(name, None, Path(name)) for name in given]
    if (other := next((name for name in given if "://" in name and not _is_url(name)), None)) is not None:
        raise typer.BadParameter(f"{other}: only http and https are fetched", param_hint="SOURCE")
    if lines is not None:
        try:
            text = lines.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise typer.BadParameter(f"{lines} can't be read: {error}", param_hint="--from") from error
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                found.append(_of_line(line, lines, number))
    if not found:
        raise typer.BadParameter("name a URL or a file, or a list of them with --from FILE", param_hint="SOURCE")
    return found


def _of_line(line: str, file: Path, number: int) -> Source:
    try:
        row = json.loads(line)
        path, url = row["path"], row.get("url")
        if not isinstance(path, str) or not isinstance(url, str | None):
            raise TypeError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise typer.BadParameter(f'{file}:{number}: each line is {{"path": …, "url": …}}', param_hint="--from") from error
    where = Path(path)
    return Source(path, url, where if where.is_absolute() or where.exists() else file.parent / where)


def _is_url(name: str) -> bool:
    return name.lower().startswith(("http://", "https://"))


async def looked_at(
    found: list[Source],
    look: Callable[[Document, Workers], Awaitable[dict[str, Any]]],
    empty: dict[str, Any],
    *,
    accept: str,
    config: Path | None,
) -> AsyncGenerator[dict[str, Any], None]:
    """For each source what `look` makes of it, in their order; errors as `{"source", …, "error"}` with the rest of `empty`."""
    import asyncio
    import os

    from monitor.cli.clients import looking

    room = asyncio.Semaphore(min(os.cpu_count() or 1, 4) * 2)
    async with looking(_network(config)) as (client, workers):

        async def one(source: Source) -> dict[str, Any]:
            async with room:
                try:
                    document = await _fetched(source, client, accept)
                    return {"source": source.name, **empty, **await look(document, workers)}
                except MonitorError as error:
                    return {"source": source.name, **empty, "url": source.url, "error": error.text}

        pending = [asyncio.ensure_future(one(source)) for source in found]
        try:
            for task in pending:
                yield await task
        finally:
            for task in pending:
                task.cancel()


async def _fetched(source: Source, client: Client, accept: str) -> Document:
    if source.path is None:
        assert source.url is not None
        response: Response = await client.get(source.url, headers={"Accept": accept})
        if response.status >= 400:
            raise FetchError("http", f"answered {response.status}", status=response.status)
        return Document(response.body, response.url, response.headers.get("Content-Type"))
    try:
        with source.path.open("rb") as file:
            body = file.read(LIMIT + 1)
    except OSError as error:
        raise MonitorError(f"{source.path} can't be read: {error.strerror}") from error
    if len(body) > LIMIT:
        raise FetchError("too-large", f"{source.path} is larger than {LIMIT // 1_000_000} MB")
    return Document(body, source.url, None)


def _network(config: Path | None) -> Config | None:
    """The configuration's network, where there is a configuration that can be read: a preview needs none."""
    from monitor.cli.context import config_path
    from monitor.config import load
    from monitor.errors import ConfigError

    try:
        path = config_path(config)
    except ConfigError:
        return None
    return load(path, sections=("network",)).config


async def shown(
    found: list[Source], items: AsyncGenerator[dict[str, Any], None], show: Callable[[dict[str, Any], bool], None], json_: bool
) -> None:
    """Prints each as it comes. Raises MonitorError where the only source failed; of many, each tells its own error."""
    from contextlib import aclosing

    async with aclosing(items) as lines:
        async for item in lines:
            alone = len(found) == 1 and item["error"] is not None
            if json_ or not alone:
                show(item, json_)
            if alone:
                raise MonitorError(f"{item['source']}: {item['error']}")


def stamp(moment: Any) -> str | None:
    """A datetime as RFC 3339 in UTC."""
    from datetime import UTC

    if moment is None:
        return None
    return str(moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"))
