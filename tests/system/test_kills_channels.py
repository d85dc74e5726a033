"""A short form of `python -m tests.system.kills_channels`, which kills at every point of a delivery by each type of channel."""

from __future__ import annotations

from pathlib import Path

from monitor.alerts.channels import names
from tests.system import kills_channels, kills_receivers
from tests.system.kills import Lives

KILLS = 2  # on each channel


async def test_no_kill_of_a_delivery_loses_or_doubles_it_by_any_channel(tmp_path: Path) -> None:
    kinds: set[str] = set()
    async with Lives() as lives:
        for seed, name in enumerate(kills_receivers.NAMES):
            folder = tmp_path / name
            folder.mkdir()
            result = await kills_channels.run(name, f"sqlite:///{folder / 'monitor.db'}", folder, lives, limit=KILLS, seed=seed)
            assert result.faults == [], name
            assert sum(result.kills.values()) == KILLS, name
            assert (result.due, result.lost) == (KILLS + 1, 0)
            kinds |= set(result.kills)
    assert {"await", "resume", "before", "after"} <= kinds


def test_no_type_of_channel_is_left_out() -> None:
    assert {name.removesuffix("-bot") for name in kills_receivers.NAMES} == set(names())
