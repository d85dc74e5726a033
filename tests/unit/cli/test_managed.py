"""What lives in the store beside the files: added, checked, found by everybody, and a file's name always wins."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from monitor.actions import managed as editing
from monitor.config import load
from monitor.errors import ConfigError, StoreError
from monitor.store import changes, managed
from monitor.store.database import Store
from monitor.store.managed import Entry
from tests.unit.cli.conftest import Run
from tests.unit.cli.store import NOW

T = TypeVar("T")


def on(home: Path, work: Callable[[Store], Awaitable[T]]) -> T:
    async def opened() -> T:
        store = Store("sqlite:///monitor.db", home / "state", clock=lambda: NOW)
        await store.open()
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(opened())


def put(home: Path, *entries: Entry, expected: int | None = None) -> editing.Edited:
    return on(home, lambda store: editing.put(store, home / "config" / "monitor.yaml", entries, "anna", expected=expected))


RULE = Entry("rule", "peace", "name: peace\nquery: peace AND Korea\nnotify: [desk]\n")


def test_an_entry_is_part_of_the_configuration_with_one_change(run: Run, home: Path) -> None:
    put(home, RULE)
    assert run("check", "--json").json["rules"] == 3
    made = on(home, lambda store: store.read(changes.since, 0))
    assert [(row.kind, row.actor, row.ids) for row in made][-1] == ("rule.edited", "anna", '["peace"]')


def test_every_kind_is_taken_and_comes_out_as_yaml(run: Run, home: Path) -> None:
    put(
        home,
        RULE,
        Entry("entity", "Moon Jae-in", "type: person\naliases: [문재인]\n"),
        Entry("feed", "https://b.example/rss", "---\n{url: https://b.example/rss, tags: [x]}\n...\n"),
    )
    (home / "out.yaml").write_text("channels: {desk: {type: console}}\n" + run("config", "export").out, encoding="utf-8")
    loaded = load(home / "out.yaml")
    assert loaded.config is not None, loaded.problems
    assert [rule.name for rule in loaded.config.rules] == ["peace"]
    assert {feed.url for feed in loaded.config.feeds} == {"https://added.example/rss", "https://b.example/rss"}
    assert "Moon Jae-in" in loaded.config.entities.names


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        (Entry("rule", "peace", "name: peace\nquery: peace NEAR Korea\n"), "NEAR needs a distance"),
        (Entry("rule", "peace", "name: war\nquery: peace\n"), "its text says 'war'"),
        (Entry("rule", "peace", "name: peace\nquery: peace\nnotify: [nobody]\n"), "channel that is not there"),
        (Entry("rule", "peace", "- peace\n"), "keys and values"),
        (Entry("rule", "peace", "name: [\n"), "managed:rule peace"),
        (Entry("feed", "ftp://x.example/", "url: ftp://x.example/\n"), "http"),
        (Entry("feed", "https://x.example/", "url: https://x.example/${SECRET_TOKEN}\n"), "can't name variables"),
        (Entry("feed", "https://x.example/", "url: https://x.example/\nauth: {bearer: '${file:/etc/passwd}'}\n"), "can't name variables"),
        (Entry("feed", "https://x.example/", "opml: /etc/hosts\n"), "one feed"),
    ],
)
def test_a_fault_changes_nothing(entry: Entry, text: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "hidden-secret")
    with pytest.raises(ConfigError, match=r"(?s).*") as told:
        put(home, entry)
    assert text in str(told.value)
    assert "hidden-secret" not in str(told.value)
    assert len(on(home, lambda store: store.read(managed.entries))) == 1


@pytest.mark.parametrize(
    ("entry", "where"),
    [
        (Entry("rule", "ffvd", "name: ffvd\nquery: peace\n"), "monitor.yaml:13:"),
        (Entry("entity", "FFVD", "aliases: [x y]\n"), "monitor.yaml:8:"),
        (Entry("feed", "https://example.org/feed", "url: HTTPS://Example.org:443/feed#top\n"), "monitor.yaml:5:"),
    ],
)
def test_what_a_file_holds_is_edited_in_the_file(entry: Entry, where: str, home: Path) -> None:
    with pytest.raises(editing.InFile) as told:
        put(home, entry)
    assert where in told.value.where


def test_a_file_that_takes_the_name_later_wins_and_that_is_told(run: Run, home: Path) -> None:
    put(home, RULE)
    file = home / "config" / "monitor.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("rules:", "rules:\n  - {name: peace, query: quiet}"), encoding="utf-8")
    done = run("check")
    assert done.status == 0
    assert "warning: the rule 'peace' stands in a file too, and the file counts" in done.out
    assert run("rules", "try", "quiet", "--against", "/dev/null").status == 0


def test_two_who_edit_at_once_one_is_told(home: Path) -> None:
    first = put(home, RULE, expected=0)
    assert [entry.version for entry in first.entries] == [1]
    assert put(home, Entry("rule", "peace", "name: peace\nquery: calm\n"), expected=1).entries[0].version == 2
    with pytest.raises(editing.Stale):
        put(home, Entry("rule", "peace", "name: peace\nquery: war\n"), expected=1)
    found = on(home, lambda store: store.read(managed.find, "rule", "peace"))
    assert found is not None
    assert "calm" in found.yaml


def test_what_others_need_is_not_taken_out(home: Path) -> None:
    path = home / "config" / "monitor.yaml"
    put(home, Entry("entity", "Moon Jae-in", "aliases: [문재인]\n"), Entry("rule", "moon", "name: moon\nquery: 'entity:\"Moon Jae-in\"'\n"))
    with pytest.raises(ConfigError, match="Moon Jae-in"):
        on(home, lambda store: editing.remove(store, path, "entity", "Moon Jae-in", "anna"))
    on(home, lambda store: editing.remove(store, path, "rule", "moon", "anna"))
    on(home, lambda store: editing.remove(store, path, "entity", "Moon Jae-in", "anna"))
    with pytest.raises(StoreError, match="holds no entity"):
        on(home, lambda store: editing.remove(store, path, "entity", "Moon Jae-in", "anna"))


def test_every_edit_has_another_number(home: Path) -> None:
    before = on(home, lambda store: store.read(managed.version))
    put(home, RULE)
    assert on(home, lambda store: store.read(managed.version)) > before


async def test_edits_are_the_same_on_both_databases(database_url: str, tmp_path: Path) -> None:
    from monitor.actions.status import status

    store = Store(database_url, tmp_path, clock=lambda: NOW)
    await store.open()
    try:
        assert await store.read(managed.version) == 0
        first = await store.write(managed.put, [RULE], "anna", 0)
        assert first is not None
        assert await store.write(managed.put, [RULE], "ben", 7) is None
        both = await asyncio.gather(*(store.write(managed.put, [Entry("rule", f"r{n}", "x\n")], "anna", None) for n in range(6)))
        assert all(both)
        assert len(await store.read(managed.entries)) == 7
        assert await store.write(managed.remove, [("rule", "r1"), ("rule", "none")], "anna", None)
        assert await store.read(managed.find, "rule", "r1") is None
        assert await store.read(managed.version) == 8
        made = [row.kind for row in await store.read(changes.since, 0)]
        assert made == ["rule.edited"] * 8
        item = await status(store, NOW, running=False)
        assert item["storage"]["database"].startswith(("SQLite 3", "PostgreSQL 1"))
        assert item["storage"]["bytes"] > 0
    finally:
        await store.close()


# -- by commands -----------------------------------------------------------------------------------------------------------


def test_feeds_are_added_listed_exported_and_removed(run: Run, home: Path) -> None:
    added = run("feeds", "add", "https://new.example/rss", "--unseen", "--name", "The ${New}: one", "--tag", "a b", "--interval", "5m")
    assert (added.status, added.out) == (0, "added https://new.example/rss\n")
    assert 'name: "The $${New}: one"' in run("config", "export").out
    assert run("check", "--json").json["feeds"] == 6
    assert run("feeds", "remove", "The ${New}: one").status == 0
    assert run("check", "--json").json["feeds"] == 5
    again = run("feeds", "remove", "https://new.example/rss")
    assert again.status == 1
    assert "there is no feed" in again.err


def test_a_feed_of_a_file_is_not_removed_but_told_where_it_stands(run: Run, home: Path) -> None:
    done = run("feeds", "remove", "Yonhap News Agency")
    assert done.status == 1
    assert "config/monitor.yaml:4" in done.err


def test_all_of_an_opml_file_are_added_once_and_come_out_again(run: Run, home: Path) -> None:
    outlines = "".join(f'<outline text="F{n}" xmlUrl="https://f{n}.example/rss"/>' for n in range(30))
    text = f'<opml version="2.0"><body><outline text="Korea">{outlines}</outline><outline text="A" xmlUrl="https://f1.example/rss"/></body></opml>'
    (home / "feeds.opml").write_text(text, encoding="utf-8")
    first = run("feeds", "import", "feeds.opml", "--json").json
    assert (len(first["added"]), first["known"]) == (30, [])
    assert len(run("feeds", "import", "feeds.opml", "--json").json["known"]) == 30
    assert run("check", "--json").json["feeds"] == 35


@pytest.mark.parametrize("text", ["", "no xml", "<html/>", '<opml><body><outline xmlUrl="ftp://x"/></body></opml>', "<opml><"])
def test_what_is_no_opml_adds_nothing(text: str, run: Run, home: Path) -> None:
    (home / "feeds.opml").write_text(text, encoding="utf-8")
    done = run("feeds", "import", "feeds.opml")
    assert done.status == 2
    assert "feeds.opml" in done.err
    assert len(on(home, lambda store: store.read(managed.entries))) == 1


def test_what_is_exported_is_read_again(run: Run, home: Path) -> None:
    from monitor.actions import opml

    (home / "out.opml").write_text(run("feeds", "export").out, encoding="utf-8")
    found: dict[str, Any] = {feed["url"]: feed for feed in opml.read(home / "out.opml")}
    assert len(found) == 4
    assert found["https://en.yna.co.kr/RSS/news.xml"]["tags"] == ["korea", "agencies"]


def test_without_a_configuration_there_is_nothing_to_add_to(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("feeds", "add", "https://new.example/rss", "--unseen")
    assert done.status == 2
    assert "monitor init" in done.err


def test_a_new_store_is_made_for_the_first_feed(run: Run, home: Path) -> None:
    done = run("feeds", "add", "https://new.example/rss", "--unseen", "--state", "fresh")
    assert done.status == 0
    assert "new.example" in run("config", "export", "--state", "fresh").out
    waiting = run("feeds", "list", "--state", "./fresh")
    assert (waiting.status, waiting.out) == (0, "")
    assert " configured, and taken up by 'monitor run'" in waiting.err
