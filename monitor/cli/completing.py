"""Names for the shell's completion, read straight from the store's file: what is imported here is waited for at each Tab."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

_NAMES = {
    "feeds": "SELECT name FROM feeds WHERE configured = 1 ORDER BY name",
    "rules": "SELECT name FROM rules WHERE configured = 1 ORDER BY name",
    "channels": "SELECT channel FROM lanes WHERE configured = 1 ORDER BY channel",
}
_MOST = 200


def be_quick() -> None:
    """Leaves out what typer does with help texts in markup (ours have none) and with the values of options, which is not asked for.

    Each would cost a tenth of a second at each Tab.
    """
    from typer import _completion_classes, core

    if hasattr(_completion_classes, "_sanitize_help_text"):
        _completion_classes._sanitize_help_text = lambda text: text
    for kind in (core.TyperOption, core.TyperArgument):
        kind.process_value = _as_typed  # type: ignore[method-assign]


def _as_typed(self: object, ctx: object, value: Any) -> Any:
    return value


def feed_names(ctx: typer.Context, incomplete: str) -> list[str]:
    return _names("feeds", ctx, incomplete)


def rule_names(ctx: typer.Context, incomplete: str) -> list[str]:
    return _names("rules", ctx, incomplete)


def channel_names(ctx: typer.Context, incomplete: str) -> list[str]:
    return _names("channels", ctx, incomplete)


def _names(what: str, ctx: typer.Context, incomplete: str) -> list[str]:
    import sqlite3

    from monitor.cli.context import state_path

    given = ctx.params.get("state")  # lists take several, and a state of what they list among them
    state = next((Path(one) for one in ([given] if isinstance(given, str | Path) else given or ()) if Path(one).is_dir()), None)
    file = state_path(state) / "monitor.db"
    if not file.exists():
        return []
    try:
        connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=0.1)
    except sqlite3.Error:
        return []
    try:
        found = [str(row[0]) for row in connection.execute(_NAMES[what])]
    except sqlite3.Error:
        return []  # a store of another version: nothing to offer
    finally:
        connection.close()
    # A control character in a name would be typed into the user's shell.
    return [name for name in found if name.startswith(incomplete) and name.isprintable()][:_MOST]
