"""Reload while the real daemon runs: all of the new configuration or none; what was removed; a channel that was off."""

from __future__ import annotations

import signal
from collections.abc import Callable

from tests.support.daemon import Daemon
from tests.support.sinks import WebhookSink
from tests.support.site import Site
from tests.support.waiting import until
from tests.system.configs import NEWS, config, hook


async def test_a_reload_is_all_or_nothing_and_a_second_daemon_is_refused(
    site: Site, webhook_sink: WebhookSink, make_daemon: Callable[..., Daemon]
) -> None:
    feed = site.feed(entries=1)
    good = config(site, {"archive": hook(webhook_sink.url)})
    async with make_daemon(good) as daemon:
        second = make_daemon(good, name="second")  # waits ten seconds for the folder, as for a short command
        second.state, second.config = daemon.state, daemon.folder / "second.yaml"
        second.write_config(good)
        second.start()
        wrong = {
            "a wrong key": (good.replace("interval: 1s", "interval: 1s, intervall: 2s"), "intervall"),
            "a query that can't be": (good.replace("any: [FFVD]", "query: 'FFVD AND ('"), "FFVD AND ("),
            "a missing include": (good + "include: [rules/nowhere.yaml]\n", "nowhere.yaml"),
            "a variable that is not set": (good.replace("name: ffvd", 'name: "${VANISHED}"'), "VANISHED"),
        }
        for number, (text, told) in enumerate(wrong.values()):
            daemon.write_config(text)
            if number % 2:
                daemon.signal(signal.SIGHUP)
                refused = (await until(lambda n=number: daemon.log("config.refused")[n:], what="the refusal"))[-1]
                assert told in refused["cause"]
            else:
                done = await daemon.command("reload")
                assert done.status != 0
                assert told in done.err
        await until(lambda: [daemon.notified().count(word) for word in ("RELOADING=1", "READY=1")] == [4, 5], what="four reloads told")
        done = await daemon.command("status", "--json")
        assert "VANISHED" in done.out, "the last reload was refused, and status says so"
        # The old configuration runs on.
        feed.publish("A title", NEWS, path="/before.html")
        await until(lambda: len(webhook_sink.pairs()) == 1, what="an alert by the old configuration")
        # A good one is taken up at once, and the refusal is forgotten.
        wire = site.feed("wire", entries=1)
        daemon.write_config(config(site, {"archive": hook(webhook_sink.url)}).replace("any: [FFVD]", "any: [treaty]"))
        assert (await daemon.command("reload")).status == 0
        await until(lambda: site.seen(wire.path), what="the new feed polled at once")
        wire.publish("Another", "They signed the treaty.", path="/after.html")
        await until(lambda: len(webhook_sink.pairs()) == 2, what="an alert by the new rule")
        assert "VANISHED" not in (await daemon.command("status", "--json")).out
        assert await second.ended(20.0) == 1
        assert any(f"another monitor runs on {daemon.state}" in line for line in second.lines())


async def test_what_was_taken_out_goes_as_the_design_says(
    site: Site, webhook_sink: WebhookSink, make_daemon: Callable[..., Daemon]
) -> None:
    world, wire = site.feed("world"), site.feed("wire")
    both = {"archive": hook(webhook_sink.url), "second": hook(webhook_sink.url + "/second")}
    async with make_daemon(config(site, both)) as daemon:
        await until(lambda: all(len(site.seen(feed.path)) > 1 for feed in (world, wire)))
        # Both channels refuse, so that deliveries wait; a page of a feed that is about to go is not read yet.
        webhook_sink.answer(503, times=None, retry_after=1)
        wire.publish("On the wire", NEWS, path="/wire.html")
        await until(lambda: len(webhook_sink.received) >= 2, what="both channels tried")
        fault = site.fail("/late.html", "hang")
        wire.publish("Late on the wire", "They spoke of FFVD at night.", path="/late.html")
        await until(lambda: site.seen("/late.html"), what="the late page in hand")

        del site.feeds["wire"]
        daemon.write_config(config(site, {"archive": both["archive"]}))
        done = await daemon.command("reload")
        assert done.status != 0
        assert "second" in done.err
        assert "--drop" in done.err
        daemon.write_config(config(site, both).replace("any: [FFVD]", "any: [treaty]"))
        assert (await daemon.command("reload")).status == 0, "feeds and rules go at once"
        fault.healed.set()
        site.heal()
        daemon.write_config(config(site, {"archive": both["archive"]}, notify=["archive"]))
        done = await daemon.command("reload", "--drop")
        assert done.status == 0, done
        webhook_sink.answer(200, times=None)
        await until(
            lambda: any(url.endswith("/wire.html") for _, url in webhook_sink.pairs()), seconds=60, what="what waited for the old rule"
        )
        dead = (await daemon.command("deliveries", "list", "--state", "dead", "--json")).json_lines
        assert dead
        assert {(one["channel"], one["reason"]) for one in dead} == {("second", "channel-gone")}
        articles = (await daemon.command("articles", "list", "--json")).out
        assert "/late.html" in articles
        assert (await daemon.command("audit")).status == 0


async def test_run_starts_with_a_channel_gone_and_tells_what_died_of_it(
    site: Site, webhook_sink: WebhookSink, make_daemon: Callable[..., Daemon]
) -> None:
    feed = site.feed()
    both = {"archive": hook(webhook_sink.url), "second": hook(webhook_sink.url + "/second")}
    daemon = make_daemon(config(site, both))
    async with daemon:
        await until(lambda: site.seen(feed.path))
        webhook_sink.answer(410, times=None)
        feed.publish("A title", NEWS, path="/story.html")
        await until(lambda: len(webhook_sink.received) == 2, what="both channels tried")
        status = (await daemon.command("status", "--json")).json
        assert status["word"] == "unwell"
        feed.publish("Another", NEWS + " They left.", path="/next.html")
        await daemon.logged("alert.created", url=f"{site.url}/next.html")
        assert len(webhook_sink.received) == 2, "nothing goes to a channel that is off"
        # What waits is kept, and a test that passes heals the channel.
        webhook_sink.answer(200, times=None)
        assert (await daemon.command("channels", "test", "archive")).status == 0
        await until(lambda: sum(r.path == "/hook" for r in webhook_sink.accepted) >= 3, what="the test and what waited")
        daemon.kill()
        daemon.write_config(config(site, {"archive": both["archive"]}))
        daemon.start()
        await daemon.ready()
        assert (await daemon.logged("channel.gone"))["channel"] == "second"
        dead = (await daemon.command("deliveries", "list", "--state", "dead", "--json")).json_lines
        assert {(one["channel"], one["reason"]) for one in dead} == {("second", "channel-gone")}
        assert (await daemon.command("audit")).status == 0
