from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.clock import START, Clock


def test_time_passes_on_both_clocks_and_a_step_moves_one(clock: Clock) -> None:
    before = clock.monotonic()
    assert clock.advance(5, minutes=1) == START + timedelta(seconds=65)
    assert clock.monotonic() == before + 65
    assert clock.step(-3600) == clock() == clock.now()
    assert clock.monotonic() == before + 65
    with pytest.raises(ValueError, match="backwards"):
        clock.advance(-1)
