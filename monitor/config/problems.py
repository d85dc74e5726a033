"""What is wrong with a configuration, and where: values that every view of it (terminal, JSON, page) is made from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

MAX_TEXT = 500  # what a file holds may be quoted in a problem, and may be long


class Level(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of one line of a file. Line and column count from 1, `length` in code points; `excerpt` is the whole line."""

    file: str
    line: int
    column: int
    length: int = 1
    excerpt: str | None = None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. `suggestion` stands beside the caret, `expected` below the excerpt.

    `code` is stable (the schema of `check --json`); a problem of a whole file has no line.
    """

    severity: Level
    code: str
    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    length: int = 1
    excerpt: str | None = None
    expected: str | None = None
    suggestion: str | None = None

    @property
    def place(self) -> str | None:
        """`file:line:column`, as far as it is known."""
        parts = [self.file, self.line, self.column]
        return ":".join(str(part) for part in parts if part is not None) or None

    def as_json(self) -> dict[str, Any]:
        return {
            "severity": str(self.severity),
            "code": self.code,
            "message": self.message,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "length": self.length,
            "excerpt": self.excerpt,
            "expected": self.expected,
            "suggestion": self.suggestion,
        }

    def __str__(self) -> str:
        advice = f" ({self.suggestion})" if self.suggestion else ""
        return f"{self.place}: {self.message}{advice}" if self.place else f"{self.message}{advice}"


def _cut(text: str) -> str:
    return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…"


class Report:
    """Collects problems while a configuration is read."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def error(
        self, code: str, message: str, place: Place | None = None, *, expected: str | None = None, suggestion: str | None = None
    ) -> None:
        self._add(Level.ERROR, code, message, place, expected, suggestion)

    def warn(
        self, code: str, message: str, place: Place | None = None, *, expected: str | None = None, suggestion: str | None = None
    ) -> None:
        self._add(Level.WARNING, code, message, place, expected, suggestion)

    def error_in_file(self, code: str, message: str, file: str, *, suggestion: str | None = None) -> None:
        """A problem of a file as a whole: it can't be read, or is too large."""
        self.problems.append(Problem(Level.ERROR, code, message, file=file, suggestion=suggestion))

    def _add(self, level: Level, code: str, message: str, place: Place | None, expected: str | None, suggestion: str | None) -> None:
        problem = Problem(level, code, _cut(message), expected=expected and _cut(expected), suggestion=suggestion and _cut(suggestion))
        if place is not None:
            problem = replace(
                problem, file=place.file, line=place.line, column=place.column, length=max(1, place.length), excerpt=place.excerpt
            )
        self.problems.append(problem)

    @property
    def failed(self) -> bool:
        return any(problem.severity is Level.ERROR for problem in self.problems)

    def sorted(self, files: Iterable[str]) -> tuple[Problem, ...]:
        """By file in the order of loading, then by line; equal ones once."""
        order = {name: index for index, name in enumerate(files)}

        def key(problem: Problem) -> tuple[int, str, int, int]:
            file = problem.file or ""
            return (order.get(file, len(order)), file, problem.line or 0, problem.column or 0)

        return tuple(sorted(dict.fromkeys(self.problems), key=key))


def redacted(problem: Problem, secrets: Iterable[str]) -> Problem:
    """The problem without any of `secrets`; an excerpt keeps its length, so that the caret stays below its word."""
    ordered = sorted(secrets, key=len, reverse=True)

    def hide(text: str | None, *, same_length: bool = False) -> str | None:
        for secret in ordered if text else ():
            text = text.replace(secret, "*" * len(secret) if same_length else "***") if text else text
        return text

    return replace(
        problem,
        message=hide(problem.message) or "",
        expected=hide(problem.expected),
        suggestion=hide(problem.suggestion),
        excerpt=hide(problem.excerpt, same_length=True),
    )
