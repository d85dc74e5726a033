"""feedparser opens what it is given as a URL or a file first: it may only ever get a stream, at one place in the program."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import monitor
from monitor.errors import ParseError
from monitor.feeds.parse import parse_feed

PACKAGE = Path(monitor.__file__).parent
READER = "feeds/feedparser_reader.py"


def _mentions(tree: ast.AST) -> bool:
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
        if any(name.partition(".")[0] == "feedparser" for name in names) or module.partition(".")[0] == "feedparser":
            return True
    return False


def test_feedparser_is_imported_in_one_place() -> None:
    users = {str(path.relative_to(PACKAGE)) for path in PACKAGE.rglob("*.py") if _mentions(ast.parse(path.read_text("utf-8")))}
    assert users == {READER}


def test_it_is_given_a_stream_and_told_not_to_sanitise_or_resolve() -> None:
    tree = ast.parse((PACKAGE / READER).read_text("utf-8"))
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "feedparser"
    ]
    assert [call.attr for call in calls] == ["parse"]
    (call,) = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.func is calls[0])
    assert isinstance(call.args[0], ast.Call)
    assert ast.unparse(call.args[0].func) == "io.BytesIO"
    said = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
    assert said["sanitize_html"] == "False"
    assert said["resolve_relative_uris"] == "False"


@pytest.mark.parametrize("address", ["/etc/hostname", "file:///etc/hostname", "http://127.0.0.1:9/", "feed://127.0.0.1:9/"])
def test_a_body_that_is_only_an_address_is_read_as_text(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("something was opened")

    monkeypatch.setattr("urllib.request.OpenerDirector.open", refuse)
    monkeypatch.setattr("socket.create_connection", refuse)
    with pytest.raises(ParseError) as refused:
        parse_feed(address.encode(), None)
    assert refused.value.code == "not-a-feed"
