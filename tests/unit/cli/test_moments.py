"""Times as people type them, back and ahead."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
import typer

from monitor.cli.moments import ahead, back

NOW = 1_540_795_263.0
SEOUL = ZoneInfo("Asia/Seoul")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        (None, None),
        ("all", None),
        (" ALL ", None),
        ("30d", NOW - 30 * 86_400),
        (" 6h ", NOW - 6 * 3_600),
        ("2018-10-29", 1_540_738_800.0),
        ("2018-10-29T15:00", 1_540_792_800.0),
        ("2018-10-29T15:00Z", 1_540_825_200.0),
        ("2018-10-29T15:00+01:00", 1_540_821_600.0),
    ],
)
def test_back_is_ago_or_a_date_in_the_zone(text: str | None, moment: float | None) -> None:
    assert back(text, NOW, SEOUL) == moment


@pytest.mark.parametrize(
    ("text", "moment"), [("forever", None), (" Always ", None), ("ever", None), ("8h", NOW + 8 * 3_600), ("2018-12-01", 1_543_590_000.0)]
)
def test_ahead_is_in_a_while_or_a_date(text: str, moment: float | None) -> None:
    assert ahead(text, NOW, SEOUL) == moment


@pytest.mark.parametrize(("text", "advice"), [("soon", "write 30d, 6h, 2018-10-29"), ("7 days", "write 7d"), ("", "write 30d")])
def test_what_is_no_time_is_told_with_a_remedy(text: str, advice: str) -> None:
    with pytest.raises(typer.BadParameter, match="neither a duration nor a date") as raised:
        back(text, NOW, SEOUL, "--until")
    assert advice in raised.value.message
    assert raised.value.param_hint == "--until"
    with pytest.raises(typer.BadParameter):
        ahead(text, NOW, SEOUL)
