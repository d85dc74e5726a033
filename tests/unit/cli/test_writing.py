"""`feeds add --to FILE`: the file keeps every byte that is not the new feed, comments first of all."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.actions.managed import feed_entry
from monitor.actions.writing import inserted
from monitor.config import load
from monitor.errors import ConfigError
from tests.unit.cli.conftest import Run

NEW = feed_entry("https://new.example/rss", name="New: one", tags=["a", "b c"])
FILES = {
    "block": "# top\nfeeds:\n  # first\n  - https://a.example/rss   # keep me\n\n  - {url: https://b.example/rss}\n# below\nrules: []\n",
    "no indent": "feeds:\n- https://a.example/rss\nrules: []   # none\n",
    "keys": "feeds:\n    - url: https://a.example/rss\n      name: A\n      tags:\n        - x   # why\n\nrules: []\n",
    "no line end": "feeds:\n  - https://a.example/rss",
    "flow": "# top\nfeeds: [https://a.example/rss, {url: https://b.example/rss, name: B}]   # all\nrules: []\n",
    "empty list": "feeds: []\nrules: []\n",
    "null": "feeds:\n# none yet\nrules: []\n",
    "missing": "# only rules\nrules: []\n",
    "nothing": "",
    "only comments": "# nothing yet\n",
    "literal": "feeds:\n  - url: https://a.example/rss\n    name: >-\n      A folded\n      name\nrules: []\n",
}


@pytest.mark.parametrize("name", FILES)
def test_the_feed_is_there_and_all_else_too(name: str, tmp_path: Path) -> None:
    file = tmp_path / "monitor.yaml"
    before = FILES[name]
    after = inserted(before, [NEW], file)
    file.write_text(before, encoding="utf-8")
    old = load(file)
    file.write_text(after, encoding="utf-8")
    new = load(file)
    assert new.config is not None, new.problems
    assert old.config is not None
    assert [feed.url for feed in new.config.feeds] == [*(feed.url for feed in old.config.feeds), "https://new.example/rss"]
    assert (new.config.feeds[-1].name, new.config.feeds[-1].tags) == ("New: one", ("a", "b c"))
    comments = [line.partition("#")[2] for line in before.splitlines() if "#" in line]
    assert [line.partition("#")[2] for line in after.splitlines() if "#" in line] == comments


@pytest.mark.parametrize("name", ["block", "no indent", "keys", "literal"])
def test_a_list_in_block_style_changes_by_the_new_lines_alone(name: str, tmp_path: Path) -> None:
    before = FILES[name].splitlines()
    after = inserted(FILES[name], [NEW], tmp_path / "x.yaml").splitlines()
    left = list(after)
    for line in before:
        assert line in left
        left.remove(line)
    assert len(left) == 3


@pytest.mark.parametrize("text", ["feeds: [", "- a\n", "just text\n", "feeds: {a: b}\n"])
def test_what_is_no_configuration_is_not_touched(text: str, run: Run, home: Path) -> None:
    file = home / "config" / "feeds.yaml"
    file.write_text(text, encoding="utf-8")
    done = run("feeds", "add", "https://new.example/rss", "--unseen", "--to", "config/feeds.yaml")
    assert done.status == 2
    assert file.read_text(encoding="utf-8") == text


def test_a_file_is_written_as_a_whole_with_its_mode(run: Run, home: Path) -> None:
    file = home / "config" / "monitor.yaml"
    file.chmod(0o640)
    done = run("feeds", "add", "https://new.example/rss", "--unseen", "--to", str(file))
    assert done.status == 0
    assert "monitor reload" in done.err
    assert file.stat().st_mode & 0o777 == 0o640
    assert run("check", "--json").json["feeds"] == 6
    assert [path.name for path in file.parent.iterdir()] == ["monitor.yaml"]


def test_a_file_that_nobody_includes_is_told(run: Run, home: Path) -> None:
    done = run("feeds", "add", "https://new.example/rss", "--unseen", "--to", "config/more.yaml")
    assert done.status == 0
    assert "name it there under include" in done.err


def test_a_feed_that_would_spoil_the_configuration_is_not_written(run: Run, home: Path) -> None:
    file = home / "config" / "monitor.yaml"
    before = file.read_bytes()
    done = run("feeds", "add", "https://new.example/rss", "--unseen", "--interval", "never", "--to", str(file))
    assert done.status == 2
    assert "never" in done.err
    assert file.read_bytes() == before


def test_text_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    from monitor.actions.writing import add_to_file

    file = tmp_path / "monitor.yaml"
    file.write_bytes(b"feeds: [\xff]\n")
    with pytest.raises(ConfigError, match="can't be read"):
        add_to_file(file, [NEW], file)
    assert file.read_bytes() == b"feeds: [\xff]\n"
