"""What the documents say holds: every YAML block is a good configuration, every command parses, every link leads somewhere."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer.main

from monitor.config import load, render, schema

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "systemd").rglob("*.md")])
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
VARIABLE = re.compile(r"\$\{([A-Z_]+)\}")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
INLINE = re.compile(r"(?<!`)`(monitor [^`]+)`(?!`)", re.DOTALL)
SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="


def short(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(kind: str) -> list[Any]:
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for match in BLOCK.finditer(text):
            if match[1] == kind:
                line = text.count("\n", 0, match.start()) + 1
                found.append(pytest.param(match[2], id=f"{short(page)}:{line}"))
    return found


@pytest.mark.parametrize("text", blocks("yaml"))
def test_a_configuration_in_the_documents_is_good(text: str, tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "korea.yaml").write_text("rules: []\n", encoding="utf-8")
    (tmp_path / "feeds.opml").write_text(
        '<opml version="2.0"><body><outline type="rss" text="A" xmlUrl="https://a.example/feed"/></body></opml>', encoding="utf-8"
    )
    secret = tmp_path / "secret"
    secret.write_text(SECRET + "\n", encoding="utf-8")
    text = re.sub(r"\$\{file:[^}]+\}", f"${{file:{secret}}}", text)
    file = tmp_path / "monitor.yaml"
    file.write_text(text, encoding="utf-8")
    values = {name: "https://hooks.slack.com/services/T0/B0/x" if name.endswith("_URL") else SECRET for name in VARIABLE.findall(text)}
    loaded = load(file, env=values)
    assert loaded.config is not None, render(loaded.problems)
    assert not loaded.errors


# -- commands ---------------------------------------------------------------------------------------------------------


def commands() -> list[Any]:
    """Every `monitor …` of code blocks and inline code, once."""
    found: dict[str, str] = {}
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        lines = [line for match in BLOCK.finditer(text) if match[1] == "sh" for line in match[2].splitlines()]
        lines += [" ".join(match[1].split()) for match in INLINE.finditer(BLOCK.sub("", text))]
        for line in lines:
            words = line.split("#")[0].strip().removeprefix("sudo ").removeprefix(".venv/bin/")
            if words.startswith("monitor ") and "…" not in words:
                found.setdefault(words, short(page))
    return [pytest.param(words, id=f"{page}: {words}") for words, page in found.items()]


@pytest.fixture(scope="module")
def app() -> Any:
    from monitor.cli.app import app

    return typer.main.get_command(app)


def parse(command: Any, words: list[str], parent: Any = None) -> None:
    """Parses as the program would, and runs nothing; raises a usage error where it would end with status 2."""
    context = command.make_context(command.name or "monitor", list(words), parent=parent)
    if rest := [*getattr(context, "_protected_args", []), *context.args]:
        _, sub, more = command.resolve_command(context, rest)
        parse(sub, more, context)


@pytest.mark.parametrize("line", commands())
def test_a_command_in_the_documents_parses(line: str, app: Any) -> None:
    words = shlex.split(re.split(r" [|>] ", line)[0])[1:]
    usage_error: type[Exception] = typer.BadParameter.__bases__[0]
    problem = None
    try:
        parse(app, words)
    except usage_error as error:
        problem = error
    assert problem is None, f"{line}: {problem}"


# -- the rest ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=short)
def test_links_lead_to_files_that_are_there(page: Path) -> None:
    targets = [target for target in LINK.findall(page.read_text(encoding="utf-8")) if not target.startswith(("http", "#", "mailto:"))]
    missing = [target for target in targets if not (page.parent / target.split("#")[0]).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=short)
def test_pages_speak_of_the_project_alone(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"/(root|home|tmp|work)/|localhost:\d", text)
    assert max(len(line) for line in text.splitlines() if not line.startswith("|")) <= 140


def keys(node: dict[str, Any], defs: dict[str, Any]) -> set[str]:
    """All keys that a JSON schema names, at any depth, except in what is free."""
    found: set[str] = set()
    if "$ref" in node:
        return keys(defs[node["$ref"].rpartition("/")[2]], defs)
    for name, value in node.get("properties", {}).items():
        found |= {name} | keys(value, defs)
    for part in [*node.get("anyOf", []), *node.get("oneOf", []), *node.get("allOf", [])]:
        found |= keys(part, defs)
    for name in ("items", "additionalProperties"):
        if isinstance(node.get(name), dict):
            found |= keys(node[name], defs)
    return found


def test_the_guide_names_every_key_of_the_configuration() -> None:
    document = schema()
    guide = "\n".join(
        (ROOT / "docs" / "guide" / name).read_text(encoding="utf-8") for name in ("configuration.md", "channels.md", "rules.md")
    )
    words = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`[^`]+`|^```.*?^```", guide, re.MULTILINE | re.DOTALL))))
    assert sorted(keys(document, document["definitions"]) - words) == []


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = set(LINK.findall((folder / "README.md").read_text(encoding="utf-8")))
    assert listed == {path.name for path in folder.glob("*.md")} - {"README.md"}


def test_every_dependency_has_its_reason() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    page = (ROOT / "docs" / "decisions" / "dependencies.md").read_text(encoding="utf-8").lower()
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = [re.split(r"[<>=;\[ ]", text)[0].lower() for text in wanted]
    assert [name for name in names if name not in page] == []


def test_make_has_every_target_that_is_named() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = {name for page in PAGES for name in re.findall(r"(?:^|`|sudo )make ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE)}
    assert sorted(named - targets) == []
