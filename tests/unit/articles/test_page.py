"""What `read_page` makes of whole pages: their facts, their failures, their languages and encodings."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.unit.articles.pages import SENTENCES, TEXT, ld, page, read

# -- the text ---------------------------------------------------------------------------------------------------------


def test_paragraphs_are_lines() -> None:
    assert read(page()).body == "\n".join(SENTENCES)


def test_text_is_joined_as_a_browser_shows_it() -> None:
    body = (
        f"<article>{TEXT}<p>The <b>Hyper</b>link spoke<br>of <i>San</i>\n  <i>Marino</i>, a&nbsp;small &amp; old state.</p>{TEXT}</article>"
    )
    assert "The Hyperlink spoke of San Marino, a small & old state." in read(page(body=body)).body.split("\n")


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<a href='/s'>sanctions</a><em>exemptions</em>", "sanctions exemptions"),
        ("<a href='/s'>sanctions</a><a href='/e'>exemptions</a>", "sanctions exemptions"),
        ("<b>sanctions</b>\n<i>exemptions</i>", "sanctions exemptions"),
        ("sanc<b>tions</b> exemp<i>tions</i>", "sanctions exemptions"),
        ("<span>sanc</span><span>tions</span> exemptions", "sanctions exemptions"),
        ("<b>s</b><span>anctions</span> exemptions", "sanctions exemptions"),
        ("CO<sub>2</sub> and x<sup>2</sup>", "CO2 and x2"),
        ("<i>sanctions</i>, <b>exemptions</b>", "sanctions, exemptions"),
        ("sanctions<br>exemptions", "sanctions exemptions"),
        ("sanctions<wbr>exemptions", "sanctionsexemptions"),
    ],
)
def test_words_in_tags_side_by_side(markup: str, text: str) -> None:
    spoken = f"The council spoke of {text} for the ships of the north."
    body = f"<article>{TEXT}<p>The council spoke of {markup} for the ships of the north.</p>{TEXT}</article>"
    assert spoken in read(page(body=body)).body.split("\n")


def test_two_line_breaks_end_a_paragraph() -> None:
    text = read(page(body=f"<div id='content'>{'<br><br>'.join(SENTENCES)}</div>"))
    assert text.body.split("\n") == list(SENTENCES)


def test_a_row_of_a_table_is_a_line() -> None:
    table = "<table><tr><th>Year</th><th>Ships</th></tr><tr><td>2017</td><td>412</td></tr></table>"
    lines = read(page(body=f"<article>{TEXT}{table}<p>{SENTENCES[0]} Again.</p></article>")).body.split("\n")
    assert "2017 | 412" in lines


@pytest.mark.parametrize(
    "line",
    [
        "By Ann Example",
        "By Ann Example and Bo Sample, Harbour Post",
        "ann@harbour.example",
        "(ann@harbour.example)",
        "[ann@harbour.example]",
        "October 29, 2018 3:41 PM",
        "Click to tweet",
        "Advertisement",
    ],
)
def test_lines_that_are_no_text_are_no_body(line: str) -> None:
    text = read(page(body=f"<article><p>{line}</p>{TEXT}<p>{line}</p></article>"))
    assert text.body == "\n".join(SENTENCES)
    assert line in text.furniture


def test_a_sentence_of_the_text_stays_though_it_begins_like_furniture() -> None:
    spoken = "Follow the money, he said, and you will find the owners of the old ferry line."
    more = "More than forty people read the statement aloud on the pier before the vote."
    support = "Support for the bridge has grown since the accident, according to two surveys."
    body = f"<article>{TEXT}<p>{spoken}</p><p>{more}</p><p>{support}</p></article>"
    assert read(page(body=body)).body.split("\n")[-3:] == [spoken, more, support]


def test_what_is_cut_is_told() -> None:
    text = read(page(body=f"<article>{TEXT}</article><aside><p>A word that stands in the rail alone.</p></aside>"))
    assert "A word that stands in the rail alone." in text.furniture
    assert text.cut_lines == 1


def test_json_ld_gives_the_text_that_the_page_lacks() -> None:
    text = read(page(head=ld(headline="A second bridge", articleBody="\n".join(SENTENCES)), body="<div id='app'></div>"))
    assert text.body == "\n".join(SENTENCES)
    assert text.warnings == ("text taken from the page's JSON-LD",)


def test_control_characters_and_nul_do_not_reach_the_store() -> None:
    text = read(page(body=f"<article>{TEXT}<p>Nul \x00 and bell \x07 in a line of some length, it was said.</p>{TEXT}</article>"))
    assert "\x00" not in text.body
    assert "\x07" not in text.body


# -- facts ------------------------------------------------------------------------------------------------------------


def test_facts_from_json_ld() -> None:
    head = ld(
        headline="A second bridge &amp; a toll",
        author=[{"@type": "Person", "name": "Ann Example"}, {"@type": "Person", "name": "Bo Sample"}],
        publisher={"@type": "Organization", "name": "Harbour Post"},
        datePublished="2018-10-29T15:41:07+09:00",
    )
    text = read(page(head=head + "<link rel='canonical' href='/news/bridge'>"))
    assert text.title == "A second bridge & a toll"
    assert text.author == "Ann Example, Bo Sample"
    assert text.site == "Harbour Post"
    assert text.language == "en"
    assert text.published_at == datetime(2018, 10, 29, 6, 41, 7, tzinfo=UTC)
    assert text.canonical_url == "https://harbour.example/news/bridge"


def test_facts_from_meta() -> None:
    head = (
        "<title>A second bridge - Harbour Post</title><meta property='og:title' content='A second bridge - Harbour Post'>"
        "<meta property='og:site_name' content='Harbour Post'><meta name='author' content='Ann Example'>"
        "<meta property='article:author' content='https://social.example/ann'><meta property='og:locale' content='en_GB'>"
        "<meta property='article:published_time' content='2018-10-29T06:41:07Z'><meta property='og:url' content='https://harbour.example/b'>"
    )
    text = read(page(head=head, attributes=""))
    assert (text.title, text.author, text.site, text.language) == ("A second bridge", "Ann Example", "Harbour Post", "en")
    assert text.published_at == datetime(2018, 10, 29, 6, 41, 7, tzinfo=UTC)
    assert text.canonical_url == "https://harbour.example/b"


def test_facts_from_what_the_reader_sees() -> None:
    body = (
        "<article><h1>A second bridge</h1><div class='article-byline'>By <a rel='author' href='/ann'>Ann Example</a>"
        f" | ann@harbour.example</div><time datetime='2018-10-29T06:41:07Z'>29 October</time>{TEXT}</article>"
    )
    text = read(page(head="<title>A second bridge | Harbour Post</title>", body=body))
    assert (text.title, text.author, text.site) == ("A second bridge", "Ann Example", "Harbour Post")
    assert text.published_at == datetime(2018, 10, 29, 6, 41, 7, tzinfo=UTC)


def test_a_byline_of_words_alone_names_the_author() -> None:
    text = read(
        page(body=f"<article><h1>A second bridge</h1><p>By Ann Example and Bo Sample</p><p>29 October 2018, 15:41</p>{TEXT}</article>")
    )
    assert text.author == "Ann Example, Bo Sample"
    assert text.published_at == datetime(2018, 10, 29, 15, 41, tzinfo=UTC)


def test_what_a_page_does_not_say_is_none() -> None:
    text = read(page(body=f"<div>{TEXT}</div>", attributes=""), url="https://harbour.example/x")
    assert (text.title, text.author, text.site, text.published_at, text.canonical_url) == (None, None, None, None, None)


def test_the_heading_is_preferred_to_a_headline_that_was_cut() -> None:
    head = ld(headline="A second bridge over the harbour of the old…")
    text = read(page(head=head, body=f"<article><h1>A second bridge over the harbour of the old town</h1>{TEXT}</article>"))
    assert text.title == "A second bridge over the harbour of the old town"


@pytest.mark.parametrize("title", ["{{7*7}}", "AT&T buys a harbour", "<b>Bold</b> words"])
def test_titles_are_visible_text(title: str) -> None:
    escaped = title.replace("&", "&amp;").replace("<", "&lt;")
    seen = "Bold words" if title.startswith("<b>") else title
    assert read(page(head=f"<meta property='og:title' content='{escaped}'>", body=f"<div>{TEXT}</div>")).title == seen


# -- languages and encodings ------------------------------------------------------------------------------------------

KOREAN = (
    "(항구=통신) 홍길동 기자 = 시의회는 화요일 항구를 가로지르는 두 번째 다리를 놓기로 의결했다고 밝혔다.",
    "공사는 내년 봄에 시작되어 약 삼 년이 걸릴 것으로 보인다고 시장은 설명했다.",
    "작은 배의 주인들은 교각이 매일 쓰는 뱃길을 좁힐 것이라고 걱정하고 있다.",
)
JAPANESE = (
    "市議会は火曜日、港をまたぐ二本目の橋を架けることを決めた。長年の議論を経ての決定となった。",
    "工事は来年の春に始まり、およそ三年かかる見通しだと市長は説明した。",
    "小さな船の持ち主は、橋脚が毎日使う水路を狭めるのではないかと心配している。",
)
CHINESE = (
    "市议会星期二决定在港口修建第二座大桥，多年的争论由此告一段落。",
    "工程预计明年春天开始，大约需要三年时间，市长这样解释。",
    "小船的主人担心桥墩会使他们每天使用的水道变窄。",
)
ARABIC = (
    "قرر مجلس المدينة يوم الثلاثاء بناء جسر ثان فوق الميناء بعد سنوات من الخلاف بين السكان.",
    "ومن المتوقع أن تبدأ الأعمال في الربيع وأن تستمر نحو ثلاث سنوات، وفق ما قاله رئيس البلدية.",
    "ويخشى أصحاب القوارب الصغيرة أن تضيق الدعامات القناة التي يستخدمونها كل يوم.",
)
RUSSIAN = (
    "Городской совет решил во вторник построить второй мост через гавань после многолетних споров.",
    "Работы должны начаться весной и продлиться около трёх лет, объяснил мэр города.",
    "Владельцы небольших лодок опасаются, что опоры сузят канал, которым они пользуются каждый день.",
)


@pytest.mark.parametrize(
    ("lines", "encoding", "declared", "language"),
    [
        (KOREAN, "cp949", "euc-kr", "ko"),
        (KOREAN, "cp949", None, "ko"),
        (KOREAN, "utf-8", "euc-kr", "ko"),
        (JAPANESE, "cp932", "shift_jis", "ja"),
        (JAPANESE, "euc_jp", "euc-jp", "ja"),
        (CHINESE, "gb18030", "gb2312", "zh"),
        (CHINESE, "utf-8", None, "zh"),
        (ARABIC, "utf-8", "utf-8", "ar"),
        (ARABIC, "cp1256", "windows-1256", "ar"),
        (RUSSIAN, "cp1251", "windows-1251", "ru"),
        (RUSSIAN, "cp1251", None, "ru"),
        (RUSSIAN, "koi8-r", "koi8-r", "ru"),
    ],
)
@pytest.mark.parametrize("where", ["header", "meta"])
def test_scripts_and_encodings(lines: tuple[str, ...], encoding: str, declared: str | None, language: str, where: str) -> None:
    meta = f"<meta charset='{declared}'>" if declared and where == "meta" else ""
    paragraphs = "".join(f"<p>{line}</p>" for line in lines)
    html = f"<html><head>{meta}<title>x</title></head><body><div class='text'>{paragraphs}</div></body></html>"
    content_type = f"text/html; charset={declared}" if declared and where == "header" else "text/html"
    text = read(html.encode(encoding), content_type=content_type)
    assert text.body.split("\n") == list(lines)
    assert text.language == language


def test_a_korean_page_with_line_breaks_reporter_and_notice() -> None:
    body = (
        "<div class='info'>입력 2018.10.29. 오후 3:41</div><div id='articleBodyContents'>"
        + "<br><br>".join(KOREAN)
        + "<br><br>gildong@harbour.example<br><br>▶ <a href='/a'>관련기사 보기</a><br><br>ⓒ 항구일보, 무단 전재 및 재배포 금지</div>"
    )
    text = read(page(body=body, attributes="lang='ko'"))
    assert text.body.split("\n") == list(KOREAN)
    assert text.author == "홍길동"
    assert text.published_at == datetime(2018, 10, 29, 15, 41, tzinfo=UTC)
