"""Commands beside a real daemon: over its socket, and over the store that it follows."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.support.daemon import Daemon, clean_environment, monitor
from tests.support.site import Site
from tests.support.waiting import until

MakeDaemon = Callable[..., Daemon]


def config(site: Site, *more: str, channels: str = "{terminal: {type: console}}") -> str:
    return "\n".join(
        [
            "network: {allow: [127.0.0.0/8], robots: false}",
            "defaults: {interval: 1h}",
            f'feeds: [{{url: "{site.feed("world", entries=2).url}", name: World}}]',
            "rules: [{name: peace, query: peace, notify: [terminal]}]",
            f"channels: {channels}",
            *more,
        ]
    )


@pytest.fixture
async def daemon(site: Site, make_daemon: MakeDaemon) -> AsyncIterator[Daemon]:
    async with make_daemon(config(site)) as daemon:
        yield daemon


async def names(daemon: Daemon) -> set[str]:
    return {feed["name"] for feed in (await daemon.command("feeds", "list", "--json")).json_lines}


async def added_and_removed(daemon: Daemon, site: Site) -> None:
    url = site.feed("korea", entries=3).url
    added = await daemon.command("feeds", "add", url, "--tag", "korea")
    assert added.status == 0, added
    assert url in added.out
    await until(lambda: len(site.seen(url.removeprefix(site.url))) >= 2, what="a poll after the look")
    assert len(await names(daemon)) == 2
    assert "korea" in (await daemon.command("config", "export")).out
    removed = await daemon.command("feeds", "remove", url)
    assert removed.status == 0, removed
    assert await names(daemon) == {"World"}


async def followed(daemon: Daemon) -> None:
    """As a daemon on another machine, or a command on PostgreSQL, does it: without the socket."""
    code = (
        "import asyncio, sys, time\n"
        "from pathlib import Path\n"
        "from monitor.store.database import Store\n"
        "from monitor.store import managed\n"
        "async def work():\n"
        "    store = Store('sqlite:///monitor.db', Path(sys.argv[1]), clock=time.time)\n"
        "    await store.open()\n"
        "    entry = managed.Entry('rule', 'war', 'name: war\\nquery: war\\n')\n"
        "    await store.write(managed.put, [entry], 'anna')\n"
        "    await store.close()\n"
        "asyncio.run(work())\n"
    )
    subprocess.run([sys.executable, "-c", code, str(daemon.state)], check=True, env=clean_environment(), timeout=30)
    found = await daemon.logged("config.loaded", rules=2)
    assert found["feeds"] == 1


async def faulty(daemon: Daemon) -> None:
    done = await daemon.command("feeds", "add", "https://x.example/rss", "--unseen", "--interval", "never")
    assert done.status == 2
    assert "never" in done.err
    assert await names(daemon) == {"World"}
    assert (await daemon.command("config", "export")).out == ""


async def paused(daemon: Daemon) -> None:
    assert (await daemon.command("feeds", "pause", "World")).out == "paused: World\n"
    (feed,) = (await daemon.command("feeds", "list", "--json")).json_lines
    assert feed["state"] == "paused"
    assert (await daemon.command("feeds", "resume", "World")).status == 0
    assert (await daemon.command("feeds", "poll", "World", "--json")).json == {"feeds": ["World"]}
    unknown = await daemon.command("feeds", "poll", "Nobody")
    assert unknown.status == 1
    assert "there is no feed 'Nobody'" in unknown.err


async def test_feeds_are_added_paused_polled_and_removed_while_it_runs(daemon: Daemon, site: Site) -> None:
    """A feed that is added is polled at once; one with a fault changes nothing; what another adds to the store is taken up too."""
    await added_and_removed(daemon, site)
    await faulty(daemon)
    await paused(daemon)
    await followed(daemon)
    await reloaded(daemon, site)


# -- reload --------------------------------------------------------------------------------------------------------------


async def reloaded(daemon: Daemon, site: Site) -> None:
    assert (await daemon.command("feeds", "add", "https://x.invalid/rss", "--unseen")).status == 0
    daemon.write_config(config(site, "entities: {Seoul: {aliases: [서울]}}"))
    done = await daemon.command("reload")
    assert done.status == 0, done
    assert done.out == "reloaded: 2 feeds, 2 rules, 1 channel\n"


WRONG = {
    "fedes: []": "unknown key 'fedes'",
    "include: [missing.yaml]": "the file missing.yaml is not there",
    "heartbeat: https://example.org/${VANISHED_NAME}": "VANISHED_NAME is not set",
    "entities: [": "monitor.yaml:",
    "web: {listen: '0.0.0.0:1'}": "dashboard",
}


async def test_a_reload_of_something_wrong_is_refused_and_the_old_one_runs_on(daemon: Daemon, site: Site, tmp_path: Path) -> None:
    for more, text in WRONG.items():
        daemon.write_config(config(site, more))
        done = await daemon.command("reload")
        assert done.status == 2, more
        assert text in done.err
        assert "the running configuration is unchanged" in done.err
        assert "Traceback" not in done.err
    elsewhere = {"cwd": tmp_path / "daemon-state"}  # the store can be looked at, whatever the files say now
    feeds = await monitor("feeds", "list", "--state", str(daemon.state), "--json", **elsewhere)
    assert [feed["name"] for feed in feeds.json_lines] == ["World"]
    status = await monitor("status", "--state", str(daemon.state), "--json", **elsewhere)
    assert (status.status, status.json["word"]) == (1, "unwell")
    assert any("the last reload was refused" in cause and "\n" not in cause for cause in status.json["causes"])
    daemon.write_config(config(site))
    assert (await daemon.command("reload")).status == 0
    assert (await daemon.command("status")).status == 0
    await gone(daemon)


async def gone(daemon: Daemon) -> None:
    daemon.config.unlink()
    done = await monitor("reload", "--state", str(daemon.state))
    assert done.status == 2
    assert "is not there" in done.err
    assert daemon.process is not None
    assert daemon.process.poll() is None


# -- the store as a whole ---------------------------------------------------------------------------------------------------


async def test_a_backup_beside_the_daemon_and_no_restore(daemon: Daemon, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    done = await daemon.command("backup", str(copy))
    assert done.status == 0, done
    refused = await daemon.command("restore", str(copy))
    assert refused.status == 1
    assert "another monitor runs" in refused.err
    assert await daemon.stop() == 0
    restored = await daemon.command("restore", str(copy))
    assert restored.status == 0, restored
    daemon.start()
    await daemon.ready()
    assert await names(daemon) == {"World"}


async def test_check_online_asks_feeds_and_channels_and_stores_nothing(site: Site, tmp_path: Path) -> None:
    good, bad = site.feed("good", entries=1).url, site.feed("bad", entries=1).url
    text = (
        "network: {allow: [127.0.0.0/8]}\n"
        f'feeds: [{{url: "{good}", name: Good}}, {{url: "{bad}", name: Bad}}]\n'
        "rules: [{name: r, query: x, notify: [near, far]}]\n"
        f'channels: {{near: {{type: webhook, url: "{site.url}/hook", allow_private: true}}, far: {{type: webhook, url: "http://127.0.0.1:1/"}}}}\n'
    )
    file = tmp_path / "m.yaml"
    file.write_text(text, encoding="utf-8")
    site.fail(bad.removeprefix(site.url), "status", status=503)
    done = await monitor("check", "--online", "--json", "--config", str(file), "--state", str(tmp_path / "none"))
    assert done.status == 1
    assert {one["name"]: one["error"] is None for one in done.json["online"]} == {"Good": True, "Bad": False, "near": True, "far": False}
    assert not (tmp_path / "none").exists()


async def test_init_finds_the_feed_and_writes_what_runs(site: Site, tmp_path: Path) -> None:
    url = site.feed("world", entries=3).url
    page = f'<html><head><link rel="alternate" type="application/rss+xml" title="World" href="{url}"></head><body>News</body></html>'
    site.put("/front", page.encode(), content_type="text/html")
    words = ["init", "--feed", f"{site.url}/front", "--watch", "peace", "--allow", "127.0.0.0/8", "--yes", "--config", "monitor.yaml"]
    done = await monitor(*words, cwd=tmp_path)
    assert done.status == 0, done
    assert "of 3 entries now" in done.err
    assert url in (tmp_path / "monitor.yaml").read_text(encoding="utf-8")
    once = await monitor("once", "--config", "monitor.yaml", "--state", "state", cwd=tmp_path)
    assert once.status == 0, once
    assert len((await monitor("articles", "list", "--config", "monitor.yaml", "--state", "state", "--json", cwd=tmp_path)).json_lines) == 3
