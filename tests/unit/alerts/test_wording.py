"""A channel's own words: what a template may say, what it can't do, and what happens when it fails."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from monitor.alerts.mail.text import story_text
from monitor.alerts.message import tell, worded_lines
from monitor.alerts.payload import alert_data
from monitor.alerts.wording import NAMES, WordingError, check, context, render, render_bounded, worded
from monitor.model import Wording
from tests.unit.alerts.example import SEOUL, alert

BASE = "https://watch.example.org"


def values() -> dict[str, Any]:
    return context([alert()], SEOUL, BASE)


def test_the_context_has_every_name_and_nothing_but_plain_values() -> None:
    made = values()
    assert set(made) == set(NAMES)
    for value in made.values():
        for each in value if isinstance(value, list) else [value]:
            assert isinstance(each, str | int | bool | None)


def test_title_and_text_take_the_place_of_the_standard_ones() -> None:
    wording = render(
        "{{ severity|upper }}: {{ title }}", "{{ rules|join(', ') }}\n{% for s in snippets %}- {{ s }}\n{% endfor %}", values()
    )
    told = tell(worded([alert()], wording), SEOUL, BASE)
    assert told.title == f"{alert().severity.upper()}: {values()['title']}"
    assert told.worded[0] == ", ".join(values()["rules"])
    assert [snippet.text() for snippet in told.snippets] == list(told.worded)
    mail = story_text(told, "desk")
    assert told.worded[0] in mail
    assert "Why:" not in mail


def test_one_template_alone_leaves_the_other_part_as_it_is() -> None:
    told, plain = tell(worded([alert()], render("x {{ rule }}", None, values())), SEOUL, BASE), tell([alert()], SEOUL, BASE)
    assert told.title.startswith("x ")
    assert (told.snippets, told.worded) == (plain.snippets, ())


def test_programs_get_the_stored_text_and_the_words_beside_it() -> None:
    (one,) = worded([alert()], Wording("own title", "own text"))
    data = alert_data(one)
    assert data["article"]["title"] == alert().title
    assert data["message"] == {"title": "own title", "text": "own text"}


@pytest.mark.parametrize(
    "source",
    [
        "{{ title.__class__ }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ title.upper() }}",
        "{{ range(10) }}",
        "{{ lipsum() }}",
        "{{ cycler.__init__ }}",
        "{{ title|attr('__class__') }}",
        "{{ title|format(1) }}",
        "{{ title|center(100000) }}",
        "{{ 'a' * 1000000000 }}",
        "{{ [1] * 1000000000 }}",
        "{{ 9 ** 999999 }}",
        "{{ '%1000000000d' % 1 }}",
        "{% include 'x' %}",
        "{% import 'os' as os %}",
        "{{ config }}",
        "{{ title",
        "{% for %}",
        "{{ 1 / 0 }}",
        "{{ rules[9] }}",
        "{{ snippets|map('upper')|list }}",
        "   ",
    ],
)
def test_what_a_template_must_not_do_or_can_not_is_an_error_and_nothing_else(source: str) -> None:
    with pytest.raises(WordingError):
        check(source)
        render(source, None, values())


@pytest.mark.parametrize("source", ["{{ titel }}", "{{ title", "x" * 5000, "{% macro a() %}{{ a() }}{% endmacro %}{{ b }}"])
def test_the_configuration_is_told_of_a_faulty_template(source: str) -> None:
    with pytest.raises(WordingError) as error:
        check(source)
    assert pickle.loads(pickle.dumps(error.value)).args == error.value.args


def test_length_and_lines_are_bounded_and_controls_go() -> None:
    wording = render("{{ title }}" * 300, "a\x1b[31m\u202eb\n" * 200, values())
    assert wording.title is not None
    assert len(wording.title) <= 300
    lines = worded_lines(wording)
    assert len(lines) == 20
    assert not any("\x1b" in line or "\u202e" in line for line in lines)


def test_memory_is_bounded_where_words_double() -> None:
    source = "{% set a = title %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}"
    with pytest.raises(WordingError, match="MemoryError"):
        render_bounded(source, None, values())
