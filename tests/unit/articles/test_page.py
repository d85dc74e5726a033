"""What `read_page` makes of whole pages: their facts, their failures, their languages and encodings."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime

import pytest

from monitor.articles import PartialPage, is_html, read_page
from monitor.errors import ExtractError
from tests.unit.articles.pages import SENTENCES, TEXT, URL, page, read


def ld(**properties: object) -> str:
    thing = {"@context": "https://schema.org", "@type": "NewsArticle", **properties}
    return f'<script type="application/ld+json">{json.dumps(thing)}</script>'


def fails(html: str | bytes, content_type: str | None = "text/html") -> ExtractError:
    with pytest.raises(ExtractError) as caught:
        read(html, content_type=content_type)
    return caught.value


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


# -- failures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/pdf", b"%PDF-1.4"),
        ("text/html", b"%PDF-1.4"),
        ("application/json", b'{"a": "<p>"}'),
        ("text/plain", b"plain"),
        (None, b"<?xml version='1.0'?><rss><channel></channel></rss>"),
        (None, b"/etc/passwd"),
        ("image/png", b"\x89PNG"),
    ],
)
def test_another_kind_of_file_is_not_html(content_type: str | None, body: bytes) -> None:
    assert fails(body, content_type).code == "not-html"
    assert not is_html(content_type, body)


@pytest.mark.parametrize(
    "content_type", ["text/html; charset=utf-8", "TEXT/HTML", "application/xhtml+xml", None, "application/octet-stream"]
)
def test_html_by_its_type_or_its_look(content_type: str | None) -> None:
    assert is_html(content_type, page().encode()[:512])
    assert read(page(), content_type=content_type).body


@pytest.mark.parametrize(
    "html",
    [
        "",
        "   ",
        page(body=""),
        page(body="<h1>A second bridge over the harbour of the old town</h1>"),
        page(body="<div id='root'></div><noscript>You need to enable JavaScript to run this app.</noscript>"),
        page(body="<ul>" + "".join(f"<li><a href='/{n}'>A story of some words {n}</a></li>" for n in range(30)) + "</ul>"),
    ],
)
def test_a_page_without_text_is_thin(html: str) -> None:
    assert fails(html).code == "page-thin"


@pytest.mark.parametrize(
    ("html", "told"),
    [
        (
            page(body="<main><h1>Page not found</h1><p>Sorry, the page you are looking for has been moved, or it never was.</p></main>"),
            "not found",
        ),
        (
            page(head="<title>Just a moment...</title><script>window._cf_chl_opt={}</script>", body="<p>Checking your browser.</p>"),
            "Cloudflare",
        ),
        (
            page(
                head="<title>Access denied</title>",
                body="<h1>Access denied</h1><p>You can not reach this page from where you are today.</p>",
            ),
            "refuses",
        ),
        (
            page(body="<h1>We value your privacy</h1><p>We and our 812 partners store and read cookies on your device, for example.</p>"),
            "consent",
        ),
    ],
)
def test_a_notice_is_no_article_and_is_named(html: str, told: str) -> None:
    error = fails(html)
    assert error.code == "page-thin"
    assert told in error.text


@pytest.mark.parametrize(
    "body",
    [
        "<article><h1>Quake</h1><p>A strong earthquake struck off the coast early on Monday, officials said.</p></article>",
        "<div><h1>Quake</h1><p>A strong earthquake struck off the coast on Monday, officials said. More is to follow.</p></div>",
        "<div><h1>지진</h1><p>29일 새벽 동해상에서 규모 5.1 지진이 발생했다고 기상청이 밝혔다.</p></div>",
    ],
)
def test_a_short_but_whole_article_passes(body: str) -> None:
    assert read(page(body=body)).body.endswith(".")


WALL = "<div class='offer'><h2>Subscribe to continue reading this article</h2></div>"


@pytest.mark.parametrize(
    "html",
    [
        page(body=f"<article><h1>A second bridge</h1>{TEXT}{WALL}</article>"),
        page(body=f"<article><h1>A second bridge</h1>{TEXT}</article><div class='paywall'>Only for subscribers: read the full story</div>"),
        page(head=ld(headline="A second bridge", isAccessibleForFree=False)),
        page(head=ld(headline="A second bridge", isAccessibleForFree="False")),
    ],
)
def test_a_wall_is_told_with_what_the_page_gave(html: str) -> None:
    error = fails(html)
    assert error.code == "paywall"
    assert isinstance(error, PartialPage)
    assert error.page.body == "\n".join(SENTENCES)
    assert error.page.title == "A second bridge"
    again = pickle.loads(pickle.dumps(error))
    assert (again.code, again.text, again.page) == (error.code, error.text, error.page)


def test_an_offer_in_head_and_foot_is_no_wall() -> None:
    offer = "<p>Subscribe for unlimited access to every article of our archive.</p>"
    html = page(body=f"<nav>{offer}</nav><article><h1>A second bridge</h1>{TEXT}</article><footer>{offer}</footer>")
    assert read(html).body == "\n".join(SENTENCES)


def test_a_text_about_subscribers_is_no_wall() -> None:
    told = "The paper said that its subscribers can continue to read every article on the web at the old price."
    assert read(page(body=f"<article><h1>A second bridge</h1>{TEXT}<p>{told}</p></article>")).body.endswith(told)


def test_a_page_that_is_not_free_but_whole_passes() -> None:
    text = "".join(f"<p>{sentence} It was the {n}th vote of the year.</p>" for n in range(4) for sentence in SENTENCES)
    assert len(read(page(head=ld(headline="A second bridge", isAccessibleForFree=False), body=f"<article>{text}</article>")).body) > 1500


# -- hostile pages ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "html",
    [
        b"<html><body>" + b"<div>" * 1_000_000,
        b"<html><body>" + b"<div>" * 150_000,
        b"<html><body>" + b"<!--" * 500_000,
        b"<html><head><script type='application/ld+json'>" + b"[" * 200_000 + b"</script></head><body></body></html>",
        b'<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><html><body><p>&b;</p></body></html>',
    ],
)
def test_hostile_pages_are_refused(html: bytes) -> None:
    assert fails(html).code == "page-thin"


@pytest.mark.parametrize(
    "hostile",
    [
        f"<div class='{'a ' * 400_000}' style='{'b ' * 400_000}'>",
        "<p>" + " " * 500_000 + "</p>",
        "<p>" + "a@b" * 50_000 + "</p>",
        "<p>By " + "Ann Bee " * 20_000 + "</p>",
        f"<title>{'a | ' * 100_000}</title>",
        "<table>" + "<tr><td colspan=9999999 rowspan=9999999>a" * 500 + "</table>",
        "<b><i>" * 20_000,
    ],
)
def test_one_hostile_part_does_not_cost_the_text(hostile: str) -> None:
    assert SENTENCES[0] in read(page(body=f"<article><h1>A second bridge</h1>{TEXT}</article>{hostile}")).body


def test_a_page_of_many_tags_is_read_by_density() -> None:
    text = read(page(body=f"<article>{TEXT}</article><ul>" + "<li><a href='/x'>one more link of many words</a></li>" * 12_000 + "</ul>"))
    assert text.body == "\n".join(SENTENCES)
    assert "density" in text.warnings[0]


def test_read_page_needs_no_type() -> None:
    assert read_page(page().encode(), URL).title == "A second bridge"
