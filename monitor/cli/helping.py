"""How every command looks: its help in one order - a sentence, usage, options in groups, examples - and `--color` everywhere."""

from __future__ import annotations

from typing import Any

import typer
import typer.main
from typer.core import TyperCommand

_COMMON = frozenset(("config", "state", "json_", "color", "log", "level"))
_COLOR = ("--color WHEN", "auto, always or never.")
_WHENS = ("auto", "always", "never")
_EXAMPLES = "Examples:"


class Command(TyperCommand):
    """A command with examples below its options; `--color` is taken from any command line."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        from monitor.cli import context

        if not any(param.name == "color" for param in self.params):
            args, when = _without_color(args)
            context.color = when
        return super().parse_args(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        text, _, examples = (self.help or "").partition(f"\b\n{_EXAMPLES}")
        with_sentence = text.strip()
        if with_sentence:
            formatter.write_text(with_sentence)
            formatter.write_paragraph()
        self.format_usage(ctx, formatter)
        self.format_options(ctx, formatter)
        if examples.strip():
            with formatter.section(_EXAMPLES.rstrip(":")):
                for line in examples.strip().splitlines():
                    formatter.write(f"{'':>{formatter.current_indent}}{line.strip()}\n")

    def format_options(self, ctx: Any, formatter: Any) -> None:
        groups: dict[str, list[tuple[str, str]]] = {"Arguments": [], "Options": [], "Common options": []}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is None:
                continue
            if param.param_type_name == "argument":
                groups["Arguments"].append((_shown(param), record[1]))
            else:
                groups["Common options" if param.name in _COMMON or param.name == "help" else "Options"].append(record)
        common = groups["Common options"]
        if not any(head.startswith("--color") for head, _ in common):
            common.insert(len(common) - 1, _COLOR)
        for name, records in groups.items():
            if records:
                with formatter.section(name):
                    formatter.write_dl(records)


def _shown(argument: Any) -> str:
    """An argument as people write it, without the type of its value."""
    return str(argument.make_metavar(None)).strip("[]{}.") if argument.metavar is None else str(argument.metavar).strip("[]…")


def _without_color(args: list[str]) -> tuple[list[str], str]:
    """The words without `--color WHEN` before a lone `--`, and what it said."""
    kept: list[str] = []
    when = "auto"
    words = iter(args)
    for word in words:
        if word == "--":
            kept += [word, *words]
        elif word == "--color":
            when = _when(next(words, None))
        elif word.startswith("--color="):
            when = _when(word.partition("=")[2])
        else:
            kept.append(word)
    return kept, when


def _when(word: str | None) -> str:
    if word not in _WHENS:
        raise typer.BadParameter(f"say {', '.join(_WHENS[:2])} or {_WHENS[2]}", param_hint="--color")
    return word


def dress(app: typer.Typer) -> None:
    """Gives all commands of an app and of its groups this look."""
    for command in app.registered_commands:
        command.cls = Command
    for group in app.registered_groups:
        if group.typer_instance is not None:
            dress(group.typer_instance)


def quick_help(app: typer.Typer, words: list[str]) -> str | None:
    """The help of `GROUP COMMAND --help`, without the reading of values that typer does before (and imports much for).

    None for any other line: typer answers it.
    """
    if not words or words[-1] not in ("--help", "-h"):
        return None
    command: Any = typer.main.get_command(app)
    context = command.context_class(command, info_name="monitor", **command.context_settings)
    for word in words[:-1]:
        command = getattr(command, "commands", {}).get(word)
        if command is None:
            return None
        context = command.context_class(command, info_name=word, parent=context, **command.context_settings)
    return str(command.get_help(context))
