"""The text form: its table, its map, and how it reads what is awkward."""

from __future__ import annotations

import time
import unicodedata

import pytest

from monitor.rules import fold_table, make_fold_table
from monitor.rules.classes import CharClass
from monitor.rules.fold import fold
from monitor.rules.spans import Moved, apply


def test_the_shipped_table_is_what_the_generator_makes() -> None:
    assert unicodedata.unidata_version >= fold_table.UNIDATA
    if unicodedata.unidata_version == fold_table.UNIDATA:
        made = make_fold_table.render()
        source = {line.split(" = ")[0]: line for line in made.splitlines() if " = " in line}
        names: dict[str, str] = {}
        exec(made, names)
        assert all(names[name] == getattr(fold_table, name) for name in source)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Café™ – 1,000 제재FFVD", " cafetm 1000 제재 ffvd "),
        ("ﬁnal  ½", " final 1 2 "),
        ("制 裁，豁\n免", " 制裁 豁免 "),
        ("K팝은 2018년", " k 팝은 2018 년 "),
        ("ＡＢＣ　１２３", " abc 123 "),
        ("\u200bsanc\u00adtions\ufeff", " sanctions "),
        ("Ｋ\u0308 ㄱㅏㄱ 가\u11a8", " k 가ᄀ 각 "),
        ("\U0001f1fa\U0001f1f8 a\U0001f468\u200d\U0001f469b", " a b "),
        ("\ud800a\x00b\ufffd", " a b "),
        ("", "  "),
        ("...", "  "),
        ("3.5, 29.10.2018; 1.000.000,5 and 5,", " 3\x015 29 10 2018 1000000\x025 and 5 "),
        ("ـمـحـمـدـ", " محمد "),
        ("İI", " ii "),
    ],
)
def test_words(text: str, words: str) -> None:
    assert fold(text).words == words


def test_the_map_leads_back_through_every_step() -> None:
    text = "  Ça—ﬁn: 1,000 e\u0301t\u00adé (제재FFVD) 制 裁 "
    folded = fold(text)
    seen = {}
    at = 0
    for word in folded.words.split():
        at = folded.words.index(f" {word} ", at) + 1
        seen[word] = text[folded.start(at) : folded.end(at + len(word))]
    assert seen == {"ca": "Ça", "fin": "ﬁn", "1000": "1,000", "ete": "e\u0301t\u00adé", "제재": "제재", "ffvd": "FFVD", "制裁": "制 裁"}


def test_edits_and_their_map() -> None:
    edits = [(1, 3, ""), (4, 5, "xyz"), (6, 6, " ")]
    moved = Moved(edits)
    assert apply("abcdefg", edits) == "adxyzf g"
    assert [moved.start(place) for place in (0, 1, 2, 3, 4, 5, 7)] == [0, 3, 4, 4, 4, 5, 6]
    assert [moved.end(place) for place in (1, 2, 3, 5, 6, 8)] == [1, 4, 5, 5, 6, 7]
    assert [moved.splits(place) for place in (2, 3, 4, 5)] == [False, True, True, False]
    assert [moved.forward(place) for place in (0, 3, 4, 5, 6)] == [0, 1, 2, 5, 7]


def test_classes_reach_beyond_the_basic_plane() -> None:
    chars = CharClass(r"\u0041-\u0043\U0001f600-\U0001f601", chars="é\U00020000")
    assert [char in chars for char in "ABDé\U0001f600\U0001f602\U00020000"] == [True, True, False, True, True, False, True]
    assert "" not in chars
    assert list(chars.runs("xAB\U0001f600C", astral=True)) == [(1, 3), (3, 4), (4, 5)]


@pytest.mark.parametrize(
    "unit",
    ["a", "é", "e\u0301", "\u200ba", "제", "제F", "制 ", "ﬁ", "1,000 ", "ก่", "½", "\U0001d400", "\u0301", "ــ", "а ", "\u1100\u1161"],
)
def test_megabytes_are_folded_in_linear_time(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    started = time.process_time()
    folded = fold(text)
    assert len(folded.scan) >= 2
    assert time.process_time() - started < 4
