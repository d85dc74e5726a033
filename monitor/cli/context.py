"""What all commands share: options, the configuration, the store opened for reading."""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable, Collection, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

from monitor.errors import ConfigError, StoreError

if TYPE_CHECKING:
    from monitor.config import Loaded
    from monitor.config.settings import Config
    from monitor.store.database import Store
    from monitor.store.managed import Entry

T = TypeVar("T")

ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config", metavar="FILE", help="Configuration; default config/monitor.yaml, then /etc/monitor/monitor.yaml.", show_default=False
    ),
]
StateOption = Annotated[
    Path | None,
    typer.Option("--state", metavar="DIR", help="State folder; default $STATE_DIRECTORY, then the XDG state folder.", show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON for programs instead of a table.")]
ColorOption = Annotated[str, typer.Option("--color", metavar="WHEN", help="auto, always or never.")]
# `--state` names the state folder everywhere; in lists it takes a state to show as well, as `status` suggests it.
StatesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--state", metavar="STATE|DIR", help="Only those in this state; anything else names the state folder.", show_default=False
    ),
]
LimitOption = Annotated[int, typer.Option("--limit", metavar="N", min=1, max=100_000, help="At most so many.")]

_PLACES = (Path("config/monitor.yaml"), Path("/etc/monitor/monitor.yaml"))


color = "auto"  # what --color said, where a command takes it with all others


def wants_json() -> bool:
    return "--json" in sys.argv


def config_path(given: Path | None) -> Path:
    """The configuration's file. Raises ConfigError where there is none."""
    if given is not None:
        return given
    for place in _PLACES:
        if place.exists():
            return place
    raise ConfigError(
        f"there is no configuration: looked for {' and '.join(map(str, _PLACES))}",
        remedy="write one with 'monitor init', or name it with --config",
    )


def state_path(given: Path | None) -> Path:
    """The state folder: --state, $STATE_DIRECTORY (systemd), else the XDG state folder."""
    if given is not None:
        return given
    if directory := os.environ.get("STATE_DIRECTORY"):
        return Path(directory.split(":")[0])
    base = os.environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local" / "state") / "monitor"


def split_states(given: list[str] | None, known: Collection[str]) -> tuple[str | None, Path | None]:
    """What `--state` said in a list: a state of the rows, and the state folder."""
    states = [word for word in given or () if word in known]
    folders = [word for word in given or () if word not in known]
    if len(states) > 1 or len(folders) > 1:
        raise typer.BadParameter("name one state, and one folder", param_hint="--state")
    if folders and os.sep not in folders[0] and not Path(folders[0]).exists():
        raise typer.BadParameter(f"'{folders[0]}' is no state ({', '.join(known)}) and no folder", param_hint="--state")
    return (states[0] if states else None), (Path(folders[0]) if folders else None)


def load_all(path: Path, state: Path | None, *, sections: Collection[str] | None = None) -> Loaded:
    """The configuration of the files with what the store holds beside; without a store yet, of the files alone."""
    from monitor.config import load

    loaded = load(path, sections=sections)
    if loaded.config is None:
        return loaded
    of_database = loaded if sections is None or "database" in sections else load(path, sections=("database",))
    entries = _added(of_database.config.database, state) if of_database.config else []
    return load(path, sections=sections, added=entries) if entries else loaded


def _added(database: str, state: Path | None) -> list[Entry]:
    """The store's own feeds, rules and entities; none where there is no store, and where it can't be read that is told."""
    from monitor.cli.output import clean, note
    from monitor.store.files import database_file

    file = database_file(database, state_path(state))
    if file is not None and not file.exists():
        return []

    import time

    from sqlalchemy.exc import SQLAlchemyError

    from monitor.store import managed
    from monitor.store.database import Store

    async def read() -> list[Entry]:
        # Not as the folder's owner yet: the rest of the configuration may be for root's eyes alone.
        store = Store(database, state_path(state), clock=time.time)
        await store.open(create=False)
        try:
            return await store.read(managed.entries)
        finally:
            await store.close()

    try:
        return run(read())
    except (StoreError, SQLAlchemyError, OSError) as error:
        note(f"warning: what was added to the store is left out: {clean(getattr(error, 'orig', None) or error)}")
        return []


def become_owner(folder: Path) -> None:
    """A command that root runs becomes the state folder's owner first: what it writes there has to stay the daemon's.

    Root's own Python may be closed to the owner; then it goes on as root, and the database's files keep their owner by SQLite's care.
    """
    if os.geteuid() != 0 or not folder.exists():
        return
    owner = folder.stat()
    if owner.st_uid != 0 and _python_is_open_to(owner):
        _become(owner)


def _become(owner: os.stat_result) -> None:
    os.setgroups([])
    os.setgid(owner.st_gid)
    os.setuid(owner.st_uid)


def _python_is_open_to(owner: os.stat_result) -> bool:
    """Whether the owner may read the standard library and this program: tried in a child, the only sure way."""
    child = os.fork()
    if child == 0:
        _become(owner)
        os._exit(0 if os.access(os.__file__, os.R_OK) and os.access(__file__, os.R_OK) else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def load_config(
    given: Path | None, state: Path | None = None, *, sections: Collection[str] | None = None, fenced: bool = False, added: bool = True
) -> Config:
    """The configuration, or exit status 2 with all its errors on stderr. `fenced` refuses a dashboard open to anybody.

    With `added` what the store holds beside the files is part of it.
    """
    from monitor.config import load

    path = config_path(given)
    loaded = load_all(path, state, sections=sections) if added else load(path, sections=sections)
    if loaded.config is None or (fenced and loaded.fence is not None):
        refuse(loaded)
    assert loaded.config is not None
    return loaded.config


def refuse(loaded: Loaded) -> NoReturn:
    """Tells all errors of a configuration on stderr, as problem+json where the command writes JSON, and ends with status 2."""
    from monitor.config import render

    if wants_json():
        from monitor.store.sql import dump

        problem = {
            "type": "urn:monitor:problem:configuration",
            "title": "the configuration can't be used",
            "status": 422,
            "detail": str(loaded.all_problems[0]),
            "errors": [one.as_json() for one in loaded.all_problems],
        }
        sys.stderr.write(dump(problem) + "\n")
    else:
        sys.stderr.write(render(loaded, color=colour(sys.stderr), width=width_of(sys.stderr)) + "\n")
    raise typer.Exit(2)


def width_of(stream: Any) -> int | None:
    """Columns of the terminal that a stream is; None where it is none."""
    import shutil

    return shutil.get_terminal_size((80, 24)).columns if stream.isatty() else None


def colour(stream: Any, when: str = "auto") -> bool:
    """Whether to colour what goes to a stream: --color, NO_COLOR, FORCE_COLOR, TERM=dumb, a terminal."""
    when = color if when == "auto" else when
    if when not in ("auto", "always", "never"):
        raise typer.BadParameter("say auto, always or never", param_hint="--color")
    if when != "auto":
        return when == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return bool(stream.isatty()) and os.environ.get("TERM") != "dumb"


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Runs a command's coroutine to its end."""
    import asyncio

    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(coroutine)


def database_url(config: Path | None) -> str:
    """The database the configuration names, whatever else is wrong with it; SQLite in the state folder where there is none."""
    try:
        path = config_path(config)
    except ConfigError:
        return "sqlite:///monitor.db"
    from monitor.config import load

    loaded = load(path, sections=("database",))
    if loaded.database is None:
        refuse(loaded)
    return loaded.database


def owned_state(given: Path | None) -> Path:
    """The state folder, as its owner: even a look at the database writes files beside it."""
    folder = state_path(given)
    become_owner(folder)
    return folder


def with_store(config: Path | None, state: Path | None, work: Callable[[Store], Awaitable[T]]) -> T:
    """Opens the store for reading, beside a running daemon or without one, and runs `work` on it."""
    import time

    from monitor.store.database import Store

    async def opened() -> T:
        store = Store(database_url(config), owned_state(state), clock=time.time)
        await store.open(create=False)
        try:
            return await work(store)
        finally:
            await store.close()

    return run(opened())


def reading(config: Path | None, state: Path | None, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> T:
    """Answers one read function of the store."""

    async def work(store: Store) -> T:
        return await store.read(fn, *args, **kwargs)

    return with_store(config, state, work)


def missing(what: str, name: str, remedy: str) -> StoreError:
    return StoreError(f"there is no {what} '{name}'", remedy=remedy)
