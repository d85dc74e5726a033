"""Loads configurations that tests write as text."""

from __future__ import annotations

import textwrap
from pathlib import Path

from monitor.config import Config, Loaded, Problem, load

SLACK = "https://hooks.slack.com/services/T000/B000/x1y2z3x1y2z3"
ENV = {
    "SLACK_WEBHOOK_URL": SLACK,
    "SMTP_PASSWORD": "p@ss/word",
    "WEBHOOK_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "TOKEN": "token-of-a-feed",
}


def write(folder: Path, text: str, name: str = "monitor.yaml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return path


def read(folder: Path, text: str, env: dict[str, str] | None = None, sections: tuple[str, ...] | None = None) -> Loaded:
    return load(write(folder, text), env=ENV if env is None else env, sections=sections)


def good(folder: Path, text: str, env: dict[str, str] | None = None) -> Config:
    """The configuration of a text that must be right."""
    loaded = read(folder, text, env)
    assert loaded.errors == ()
    assert loaded.config is not None
    return loaded.config


def only(folder: Path, text: str, env: dict[str, str] | None = None) -> Problem:
    """The single error of a text."""
    loaded = read(folder, text, env)
    assert loaded.config is None
    (problem,) = loaded.errors
    return problem


def where(problem: Problem) -> tuple[int | None, int | None]:
    return problem.line, problem.column


def pointed(problem: Problem) -> str:
    """What the caret stands under."""
    assert problem.excerpt is not None
    assert problem.column is not None
    return problem.excerpt[problem.column - 1 : problem.column - 1 + problem.length]
