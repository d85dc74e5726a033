"""Lines that stand in an article's container and are not its text: the title again, bylines, teasers, what trails it.

A full sentence is taken out only where it leads to another story by a link, or where it stands at the end and speaks of
the site itself (how to follow it, write to it, subscribe to it, whose it is).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.articles import phrases
from monitor.articles.blocks import Block
from monitor.articles.text import ends_sentence, weight

_MAIL = r"[\w.+-]+\s?(?:@|\[at\]|\(at\))\s?[\w-]+(?:\.[\w-]+)+"
_ONLY_MAIL = re.compile(
    rf"^\W*(?:(?:e-?mail|mail|contact|이메일|메일|メール|邮箱|почта)\W*)?(?:{_MAIL}|\[?email\sprotected\]?)(?:[\s,;/]+{_MAIL})*\W*$",
    re.IGNORECASE,
)
_PARTICLE = r"(?:de|van|von|der|den|da|di|del|al|el|bin|la|le|du|dos|y|e|and|und|et|with|for|in|the)"
_NAME = rf"(?:[^\W\d_a-zà-öø-ÿа-я][\w’'.\-]*|{_PARTICLE}|&)"
_BYLINE = re.compile(
    rf"^\W*(?:(?i:(?:(?:text|story|words|written|reported)\s)?by|par|von|por|door|av|af|автор|текст))\s*:?\s+"
    rf"(?!{_PARTICLE}\b){_NAME}(?:[\s,]+{_NAME}){{0,11}}(?:\s*[|,–—·•-].{{0,60}})?$"
)
_CJK_BYLINE = re.compile(
    rf"^\W*(?:[가-힣]{{2,5}}\s?(?:[가-힣]{{0,6}}\s?)?(?:기자|특파원|인턴기자|선임기자|통신원|논설위원|에디터|PD)"
    rf"|(?:記者|记者|撰文|文|作者|编辑|執筆|取材|文責|編集)\s*[:：/／|]\s*[\w·・\s]{{2,12}})\s*(?:[\(\[<=／/|]?\s*{_MAIL}\s*[\)\]>]?)?\W*$"
)
_MONTH = r"[^\W\d_]{3,10}\.?"
_DAY = (
    rf"(?:\d{{1,4}}[\s./:年월月-]+(?:\d{{1,2}}|{_MONTH}|de\s{_MONTH}\sde)[\s./:,월月日-]+\d{{1,4}}"
    rf"|{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}})"
)
_CLOCK = r"\d{1,2}\s?[:.h시時]\s?\d{2}(?:[:.]\d{2})?(?:\s?[ap]\.?m\.?)?(?:\s?\(?[A-Z]{2,5}\)?)?(?:\s?uhr)?"
_DATE = re.compile(
    rf"^\W*(?:[^\W\d_]{{2,14}}(?:\s(?:on|at|le|el|am|à|updated|jour))?\W+)?(?:[^\W\d_]{{3,9}}(?:-feira)?\W+)?"
    rf"(?:{_DAY}|\d{{1,2}}\s(?:hours?|minutes?|days?|weeks?)\sago)[\s일日]*"
    rf"(?:\W*(?:at|um|à|às|a\slas|오전|오후)?\W*{_CLOCK})?(?:\W*(?i:by)\s.{{3,40}})?\W*$",
    re.IGNORECASE,
)
_READING_TIME = re.compile(r"^\W*\d{1,3}[\s-]*(?:min(?:ute)?s?|분|分)(?:\sread)?\W*$", re.IGNORECASE)

_HEAD = 8  # lines in which the title may stand again
_TAIL = 8  # lines that may trail the text, if they stand in its last third


def is_mail(text: str) -> bool:
    """Whether a line is only one or more mail addresses, bare or in brackets."""
    return ("@" in text or "[" in text or "(at)" in text) and bool(_ONLY_MAIL.match(text))


def is_byline(text: str) -> bool:
    """Whether a line only says who wrote."""
    if len(text) > 120:
        return False
    return bool((_BYLINE.match(text) and not ends_sentence(text)) or _CJK_BYLINE.match(text))


def is_date(text: str) -> bool:
    """Whether a line only says when, or how long it takes to read."""
    return len(text) < 90 and bool(_DATE.match(text) or _READING_TIME.match(text))


def leads_away(block: Block) -> bool:
    """Whether a line is there to lead to another story."""
    text, linked = block.text, block.linked / len(block.text)
    ended, words = ends_sentence(text), weight(text)
    if words <= 40 and phrases.LEADS.match(text):
        return linked >= 0.25 or not ended
    if 4 <= words <= 30 and linked >= 0.5 and phrases.LEADS_LINKED.match(text):
        return True
    return linked >= 0.95 and not ended and 3 <= words <= 30


def trim(blocks: Sequence[Block], kept: list[int], titles: list[str], flats: list[str], prose: list[bool]) -> list[int]:
    """`kept` without the lines that are not the article's text. `titles` are flat, as `flats` are."""
    kept = _head(blocks, kept, titles, flats, prose)
    return _tail(blocks, _middle(blocks, kept, prose))


def _repeats(text: str, titles: list[str]) -> bool:
    return any(
        text == title or (len(text) >= 20 and (text in title or (title in text and len(title) * 1.3 > len(text)))) for title in titles
    )


def _head(blocks: Sequence[Block], kept: list[int], titles: list[str], flats: list[str], prose: list[bool]) -> list[int]:
    """Drops titles, bylines and dates that stand before the text's first paragraphs."""
    out = []
    before = True
    for place, index in enumerate(kept):
        text = blocks[index].text
        if place < _HEAD and _repeats(flats[index], titles):
            continue
        if before and (is_byline(text) or is_date(text)):
            continue
        before = before and not prose[index]
        out.append(index)
    return out


def _middle(blocks: Sequence[Block], kept: list[int], prose: list[bool]) -> list[int]:
    """Drops addresses, controls, teasers, and the lists of links that a teaser's heading opens."""
    out = []
    opened = False
    for index in kept:
        block = blocks[index]
        if is_mail(block.text) or phrases.CONTROL.match(block.text):
            continue
        if leads_away(block):
            opened = block.linked == 0 and weight(block.text) <= 8
            continue
        if opened and not prose[index] and block.linked * 10 >= len(block.text) * 3:
            continue
        opened = False
        out.append(index)
    return out


def _trails(text: str) -> bool:
    words = weight(text)
    if words <= 80 and phrases.TRAILS.match(text):
        return True
    if words <= 40 and (not ends_sentence(text) or words <= 8) and phrases.TRAILS_SHORT.match(text):
        return True
    return is_byline(text) or is_date(text)


def _tail(blocks: Sequence[Block], kept: list[int]) -> list[int]:
    """Drops what trails the text."""
    first = max(len(kept) - _TAIL, len(kept) * 2 // 3, 1)
    out = kept[:first] + [index for index in kept[first:] if not _trails(blocks[index].text)]
    while len(out) > 1 and blocks[out[-1]].linked * 10 >= len(blocks[out[-1]].text) * 6 and not ends_sentence(blocks[out[-1]].text):
        out.pop()
    return out
