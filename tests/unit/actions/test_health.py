"""One judgement of how it fares: the word, and its causes each in a line."""

from __future__ import annotations

from typing import Any

from monitor.actions.health import judge

REFUSAL = """error: unknown key 'notfy' in rule 'ffvd'                                                      [unknown-key]
  --> config/rules/korea.yaml:12:5
   |
12 |     notfy: [desk]
   |     ^^^^^ did you mean 'notify'?
1 error, 0 warnings. The running configuration is unchanged."""


def status(**changes: Any) -> dict[str, Any]:
    stage = {"last_minute": 1, "waiting": 0, "oldest_waiting_s": None}
    well = {"running": True, "poll": stage, "read": stage, "deliver": {"dead": 0, "sick": []}, "instances": [], "feeds": {"ok": 2}}
    return well | changes


def test_well() -> None:
    assert judge(status()) == ("ok", [])


def test_a_refused_reload_is_told_in_a_line_with_its_place() -> None:
    word, causes = judge(status(instances=[{"reload_error": REFUSAL}]))
    assert word == "unwell"
    assert causes == [
        "the last reload was refused: unknown key 'notfy' in rule 'ffvd' [unknown-key] at config/rules/korea.yaml:12:5;"
        " 'monitor check' shows all"
    ]
    _, causes = judge(status(instances=[{"reload_error": "deliveries wait\nfor channels"}]))
    assert causes == ["the last reload was refused: deliveries wait for channels"]


def test_troubles_of_others_are_attention_and_our_own_are_unwell() -> None:
    assert judge(status(feeds={"ok": 1, "failing": 1}))[0] == "attention"
    assert judge(status(deliver={"dead": 1, "sick": []}))[0] == "unwell"
    stuck = {"last_minute": 0, "waiting": 3, "oldest_waiting_s": 400.0}
    assert judge(status(read=stuck)) == ("unwell", ["stage read is stuck: 3 wait, the oldest for 400 s"])
    assert judge(status(read=stuck, running=False)) == ("ok", [])
    off = {"channel": "desk", "off": True, "cause": "410 Gone"}
    assert judge(status(deliver={"dead": 0, "sick": [off]}))[1] == ["channel desk is off (410 Gone): monitor channels test desk"]
