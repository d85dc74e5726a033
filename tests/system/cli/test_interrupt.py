"""Ctrl-C ends `run` in order, with the status that says so."""

from __future__ import annotations

import signal
from pathlib import Path

from tests.support.daemon import Daemon
from tests.support.site import Site
from tests.system.configs import config


async def test_ctrl_c_ends_run_in_order_with_status_130(tmp_path: Path) -> None:
    async with Site() as site:
        site.feed(entries=1)
        async with Daemon(tmp_path, config(site, {"terminal": "type: console"})) as daemon:
            daemon.signal(signal.SIGINT)
            assert await daemon.ended() == 130
            assert daemon.log("daemon.stopping")
            assert "Traceback" not in daemon.tail()
            done = await daemon.command("audit")
            assert done.status == 0
