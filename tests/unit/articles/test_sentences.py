"""No sentence of an article is cut, however its page is built: what names mislead, what readers of other scripts write, what is short."""

from __future__ import annotations

import pytest

from monitor.articles import read_page
from monitor.articles.text import flat
from tests.support.pages import prose

URL = "https://harbour.example/news/bridge"
TITLE = "A second bridge over the harbour of the old town"
NAV = "<header><nav><ul>" + "".join(f"<li><a href='/{n}'>Section {n}</a></li>" for n in range(8)) + "</ul></nav></header>"
FOOT = "<footer><p>Copyright 2018 The Harbour Courier. All rights reserved.</p><p><a href='/terms'>Terms of use</a></p></footer>"
TEASERS = "".join(f"<li><a href='/teaser/{n}'>{prose(('t', n), 1)[0]}</a></li>" for n in range(6))
TEXT = prose("sentences", 40)


def read(body: str, *, head: str = "", told: str = "", lang: str = "en") -> list[str]:
    page = (
        f"<!DOCTYPE html><html lang='{lang}'><head><meta charset='utf-8'><title>{TITLE} - The Harbour Courier</title>{head}</head>"
        f"<body>{NAV}{body}<aside class='related'><h3>Most read</h3><ul>{TEASERS}</ul></aside>{FOOT}</body></html>"
    )
    return read_page(page.encode(), URL, "text/html; charset=utf-8", told).body.split("\n")


def whole(found: list[str], wanted: list[str]) -> None:
    """Every one of `wanted` stands in the text, and no teaser or foot does."""
    text = flat("".join(found))
    assert [line for line in wanted if flat(line) not in text] == []
    assert not any("rights reserved" in line or line == "Most read" for line in found)
    assert not any(flat(prose(("t", n), 1)[0]) in map(flat, found) for n in range(6))


def paragraphs(lines: list[str], tag: str = "p") -> str:
    return "".join(f"<{tag}>{line}</{tag}>" for line in lines)


# -- names that mislead ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["Report__Section--Ads", "non-ad-column", "premium-content", "share-text", "topics-body", "promo-wide"])
def test_sections_whose_class_says_what_they_are_not(name: str) -> None:
    parts = [TEXT[0:3], TEXT[3:6], TEXT[6:10]]
    sections = "".join(f"<section class='sect {name} n{n}'><div>{paragraphs(part)}</div></section>" for n, part in enumerate(parts))
    whole(read(f"<article><h1>{TITLE}</h1>{sections}</article>"), TEXT)


@pytest.mark.parametrize(
    ("tag", "name"), [("aside", "direct-content"), ("div", "teaser-detail"), ("form", "page"), ("div", "main-nav-content")]
)
def test_an_article_within_what_is_furniture_elsewhere(tag: str, name: str) -> None:
    whole(read(f"<main><{tag} class='{name}'><h1>{TITLE}</h1><div class='text'>{paragraphs(TEXT)}</div></{tag}></main>"), TEXT)


def test_headings_of_the_first_level_within_the_text() -> None:
    parts = [TEXT[n : n + 2] for n in range(0, 10, 2)]
    sections = "".join(
        f"<div class='row'><div class='block'><h1>What to know, {n}</h1></div><div class='block'>{paragraphs(part)}</div></div>"
        for n, part in enumerate(parts)
    )
    whole(read(f"<main><div class='block'><h1>{TITLE}</h1></div><div class='layout'>{sections}</div></main>"), TEXT)


def test_a_place_to_be_led_to_is_no_link() -> None:
    question = "What does the harbour master say?"
    lines = [TEXT[0], f"<a name='master'>{question}</a>", *TEXT[1:]]
    whole(read(f"<article><h1>{TITLE}</h1>{paragraphs(lines)}</article>"), [*TEXT, question])


def test_a_standfirst_that_json_ld_calls_the_name() -> None:
    lead = "The old bridge carries twice what it was built for, and the council has run out of patience with it."
    ld = f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{TITLE}", "name": "{lead}"}}</script>'
    found = read(f"<article><h1>{TITLE}</h1><div class='text'><p>{lead}</p>{paragraphs(TEXT)}</div></article>", head=ld)
    whole(found, [lead, *TEXT])


def test_a_standfirst_that_the_feed_gives_as_the_article_s_is_kept() -> None:
    lead = "The old bridge carries twice what it was built for, and the council has run out of patience with it."
    body = f"<article><header><h1>{TITLE}</h1><h2 class='dek'>{lead}</h2></header><div class='text'>{paragraphs(TEXT)}</div></article>"
    found = read(body, told=f"<p>{lead}</p> Read on at our site.")
    assert found[0] == lead
    assert found.count(lead) == 1
    whole(found, [lead, *TEXT])
    assert read(f"<article><h1>{TITLE}</h1><p>{lead}</p>{paragraphs(TEXT)}</article>", told=lead).count(lead) == 1


def test_of_two_long_articles_on_one_page_the_first_is_read_alone() -> None:
    other = prose("another", 40)
    box = "<article class='item'><header><h2>{}</h2></header><div class='detail'>{}</div></article>"
    found = read(f"<main>{box.format(TITLE, paragraphs(TEXT))}{box.format('Another title', paragraphs(other))}</main>")
    text = flat("".join(found))
    assert all(flat(line) in text for line in TEXT)


# -- kinds of articles -------------------------------------------------------------------------------------------------
def test_an_interview_with_short_questions() -> None:
    asked = ["Why now?", "Who pays?", "And the ferry?", "When will it open?", "Will you cross it yourself?"]
    lines = [line for pair in zip((f"<strong>{q}</strong>" for q in asked), TEXT, strict=False) for line in pair]
    whole(read(f"<article><h1>{TITLE}</h1>{paragraphs(lines)}</article>"), [*TEXT[:5], *asked])


def test_a_live_blog() -> None:
    entries = "".join(
        f"<div class='live-entry' id='e{n}'><time>1{n}:05</time><h3>Update {n} from the harbour</h3><p>{line}</p></div>"
        for n, line in enumerate(TEXT)
    )
    whole(read(f"<main><h1>{TITLE}</h1><div class='live-blog'>{entries}</div></main>"), TEXT)


def test_a_list_article() -> None:
    items = "".join(f"<li><h3>{n}. Pier {n}</h3><p>{line}</p></li>" for n, line in enumerate(TEXT, 1))
    whole(read(f"<article><h1>{TITLE}</h1><p>{prose('intro', 4)[0]}</p><ol>{items}</ol></article>"), [*prose("intro", 4), *TEXT])


def test_short_lines_quotes_and_a_poem() -> None:
    poem = ["The tide goes out,", "the bridge stays dry,", "a gull looks down,", "and wonders why."]
    quote = "“We have waited for thirty years.”"
    body = f"{paragraphs(TEXT[:4])}<blockquote><p>{quote}</p></blockquote>{paragraphs(poem)}{paragraphs(TEXT[4:])}"
    whole(read(f"<article><h1>{TITLE}</h1>{body}</article>"), [*TEXT, quote, *poem])


def test_a_correction_at_the_end_and_a_dateline_at_the_head() -> None:
    first = f"HARBOUR TOWN, Oct. 29 (Courier) — {TEXT[0]}"
    corrected = "An earlier version of this article gave the wrong length of the bridge: it is 412 metres long, not 421 metres."
    whole(read(f"<article><h1>{TITLE}</h1>{paragraphs([first, *TEXT[1:], corrected])}</article>"), [first, *TEXT[1:], corrected])


def test_a_table_and_footnotes() -> None:
    table = "<table><tr><th>Bridge</th><th>Cars a day</th></tr><tr><td>Old bridge</td><td>31,000</td></tr></table>"
    note = "<ol class='notes'><li>The council counted cars on three working days in September, from six in the morning on.</li></ol>"
    found = read(f"<article><h1>{TITLE}</h1>{paragraphs(TEXT[:5])}{table}{paragraphs(TEXT[5:])}{note}</article>")
    whole(found, [*TEXT, "The council counted cars on three working days in September, from six in the morning on."])
    assert "Old bridge | 31,000" in found


# -- ways to build -----------------------------------------------------------------------------------------------------
def test_old_pages_with_line_breaks_alone() -> None:
    text = "<br><br>\n".join(TEXT)
    whole(
        read(f"<table width='760'><tr><td><font size='5'>{TITLE}</font></td></tr><tr><td><font size='2'>{text}</font></td></tr></table>"),
        TEXT,
    )


def test_nothing_but_divs() -> None:
    whole(read(f"<div><div><div>{TITLE}</div><div>{paragraphs(TEXT, 'div')}</div></div></div>"), TEXT)


def test_each_paragraph_in_boxes_of_its_own() -> None:
    boxes = "".join(
        f"<div class='w{n}'><div class='i{n}'><p>{line}</p></div></div><div class='ad slot'>Advertisement</div>"
        for n, line in enumerate(TEXT)
    )
    whole(read(f"<main><h1>{TITLE}</h1><div class='grid'>{boxes}</div></main>"), TEXT)


def test_an_amp_page() -> None:
    shell = "<amp-sidebar id='menu'><ul><li>Menu</li></ul></amp-sidebar><amp-analytics></amp-analytics>"
    picture = "<amp-img src='a.jpg' width='9' height='9'></amp-img>"
    whole(
        read(
            f"{shell}<article class='amp-wp-article'><h1 class='amp-wp-title'>{TITLE}</h1>{picture}"
            f"<div class='amp-wp-article-content'>{paragraphs(TEXT)}</div></article>"
        ),
        TEXT,
    )


def test_a_gallery_between_paragraphs() -> None:
    gallery = "".join(f"<figure><img src='{n}.jpg'><figcaption>Pier {n} (Photo: A. Sample)</figcaption></figure>" for n in range(4))
    whole(
        read(f"<article><h1>{TITLE}</h1>{paragraphs(TEXT[:5])}<div class='gallery'>{gallery}</div>{paragraphs(TEXT[5:])}</article>"), TEXT
    )


# -- scripts -----------------------------------------------------------------------------------------------------------
_SCRIPTS = {
    "ko": "시는 항구를 가로지르는 두 번째 다리를 {}년까지 짓기로 했다고 밝혔다. 주민들은 오래 기다렸다며 환영했다.",
    "ja": "市は港にかかる二本目の橋を{}年までに完成させると発表した。住民は長く待ったと歓迎している。",
    "zh": "市政府宣布将于{}年之前在港口建成第二座大桥，居民们表示已经等待多年，对此十分欢迎。",
    "ar": "أعلنت البلدية أنها ستبني جسرا ثانيا فوق الميناء بحلول عام {}، ورحب السكان بالقرار بعد انتظار طويل.",
    "th": "เทศบาลประกาศว่าจะสร้างสะพานแห่งที่สองข้ามท่าเรือให้เสร็จภายในปี {} และชาวบ้านต่างยินดีกับข่าวนี้หลังรอคอยมานาน",
    "ru": "Город построит второй мост через гавань к {} году, и жители, которые долго этого ждали, решение приветствуют.",
    "hi": "नगर परिषद ने कहा कि बंदरगाह पर दूसरा पुल वर्ष {} तक बन जाएगा और निवासियों ने लंबे इंतज़ार के बाद इसका स्वागत किया।",
    "he": "העירייה הודיעה כי תבנה גשר שני מעל הנמל עד שנת {} והתושבים קיבלו את ההחלטה בברכה לאחר המתנה ארוכה.",
}


@pytest.mark.parametrize("language", sorted(_SCRIPTS))
@pytest.mark.parametrize("build", ["p", "div", "br"])
def test_articles_in_other_scripts(language: str, build: str) -> None:
    lines = [_SCRIPTS[language].format(2030 + n) for n in range(8)]
    text = "<br><br>".join(lines) if build == "br" else paragraphs(lines, build)
    whole(read(f"<article><h1>{TITLE}</h1><div class='story'>{text}</div></article>", lang=language), lines)
