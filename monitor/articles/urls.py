"""What makes two addresses the same article, and when a page's own word on its address counts."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import quote, unquote, urlsplit

_LONGEST = 2048
# Parameters that say where a reader came from, and nothing of what is read.
_TRACKING = re.compile(
    r"(?:utm_\w+|mtm_\w+|pk_\w+|hsa_\w+|ns_(?:mchannel|source|campaign|linkname|fee)|at_(?:medium|campaign|custom\d|link_\w+|ptr_name|format|bbc_team)"
    r"|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|gad_source|msclkid|yclid|ysclid|twclid|ttclid|igshid|igsh|li_fat_id|srsltid|mc_[ce]id|mkt_tok"
    r"|_hsenc|_hsmi|__hs\w+|hsctatracking|oly_(?:enc|anon)_id|vero_id|rb_clickid|wickedid|s_?cid|icid|ncid|cmpid|cmp|ito|ocid|xtor|wt_?mc|wt\.mc_\w+"
    r"|ref_src|ref_url|__twitter_impression|soc_(?:src|trk)|guccounter|guce_referrer\w*|sr_share|smid|smtyp|tpcc|taid|leadsource|feed(?:type|name)"
    r"|spm|scm|_ga|_gl|epik|ck_subscriber_id|ml_subscriber\w*|sfmc_id|cx_\w+|dicbo|obOrigUrl|traffic_source|share_token|fromsource)$",
    re.IGNORECASE,
)
# Dropped with these values alone: elsewhere the names mean something.
_FROM_FEED = re.compile(
    r"(?:ref|source|from|partner|emc|via|src|referrer|origin|mod|f|xml)=(?:rss\w*|feeds?|feedburner|google_?news)$|rss=(?:1|true|yes)?$",
    re.IGNORECASE,
)
_AMP = re.compile(r"(?:_|is_)?amp(?:=(?:amp|1|true|yes)?)?$|(?:outputtype|output|view|mode)=amp$", re.IGNORECASE)
_AMP_PATH = re.compile(r"(?:/amp/?|\.amp)$|(?<=/)amp/(?=.)|\.amp(?=\.html?$)", re.IGNORECASE)
_AMP_HOSTS = re.compile(r"^/(?:[civ]/)?(?:amp/)?(?:s/)?(?=[\w-]+(?:\.[\w-]+)+/)")
_COPIES = re.compile(r"^(?:(?:www\d?|m|mobile|amp|touch|mob)\.)+(?=[^.]+\.)")
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#]*", re.IGNORECASE)
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_FRONT = re.compile(r"^/*(?:(?:index|home|default|main)(?:\.\w{2,5})?|[a-z]{2,3}(?:[-_][a-z]{2})?)?/*$", re.IGNORECASE)
# Second levels under which registries of countries sell names, and hosts that give each user a name.
_SECOND_LEVELS = "co com or org ne net ac edu go gov gob gouv mil re pe kg nom info web id sch ltd plc me lg asn in firm gen ind res"
_SHARED_HOSTS = (
    "blogspot.com wordpress.com github.io gitlab.io tumblr.com substack.com livejournal.com tistory.com typepad.com medium.com netlify.app "
    "vercel.app pages.dev web.app hatenablog.com fc2.com over-blog.com weebly.com wixsite.com squarespace.com ghost.io appspot.com"
)
_SECOND = frozenset(_SECOND_LEVELS.split())
_SHARED = frozenset(_SHARED_HOSTS.split())


def normalize_url(url: str) -> str:
    """The key of the article that `url` leads to: equal for all the addresses that a site gives one article.

    Scheme (http and https are one), host in lower case without `www.` and mobile prefixes, default port, tracking
    parameters, AMP copies, escapes that need none, a last slash, and the fragment (but `#!` and `#/`) make no
    difference; the order of parameters stays. What can't be parsed is its own key.
    """
    text = url.strip()[:_LONGEST]
    try:
        parts = urlsplit(text)
        host, port = _host(parts.hostname or ""), parts.port
    except ValueError:
        return text
    if not host or parts.scheme.lower() not in ("http", "https"):
        return text
    path = _SESSION.sub("", parts.path)
    if host.endswith("ampproject.org") or (host.startswith("google.") and path.startswith("/amp/")):
        inner = _AMP_HOSTS.sub("", path)
        if inner != path:
            return normalize_url(f"http://{inner}{'?' + parts.query if parts.query else ''}")
    path = _AMP_PATH.sub("", _straight(path)).rstrip("/") or "/"
    query = "&".join(pair for pair in _spelled(parts.query).split("&") if _counts(pair))
    fragment = f"#{parts.fragment}" if parts.fragment.startswith(("!", "/")) else ""
    where = host if port in (None, 80, 443) else f"{host}:{port}"
    return f"http://{where}{path}{'?' + query if query else ''}{fragment}"


def _counts(pair: str) -> bool:
    """Whether a parameter may tell one article from another."""
    if not pair or (pair.endswith("=") and _TRACKING.match(pair[:-1])):
        return False
    return not (_TRACKING.match(pair.partition("=")[0]) or _FROM_FEED.match(pair) or _AMP.match(pair))


def _host(host: str) -> str:
    host = host.lower().rstrip(".")
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    if ":" in host:
        return f"[{host}]"
    return host if _is_address(host) else _COPIES.sub("", host)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _spelled(text: str) -> str:
    """Escapes in one spelling: none where none is needed, upper case elsewhere; what is not ASCII is escaped."""

    def one(match: re.Match[str]) -> str:
        character = chr(int(match[0][1:], 16))
        return character if character in _UNRESERVED else match[0].upper()

    return _ESCAPE.sub(one, quote(text, safe="%/:=&?~#+!$,;'@()*[]-._|"))


def _straight(path: str) -> str:
    """A path without dot segments (RFC 3986 section 5.2.4), its escapes in one spelling."""
    spelled = _spelled(path)
    if "/." not in spelled:
        return spelled
    out: list[str] = []
    for segment in spelled.split("/")[1:]:
        if segment == "..":
            del out[-1:]
        elif segment != ".":
            out.append(segment)
    return "/" + "/".join(out)


def registrable(host: str) -> str:
    """The part of a host's name that one owner registered, by the common rules of registries; an address is itself."""
    host = host.lower().rstrip(".")
    labels = host.split(".")
    if len(labels) < 3 or _is_address(host):
        return host
    country = len(labels[-1]) == 2 and labels[-2] in _SECOND
    shared = ".".join(labels[-2:]) in _SHARED or (country and labels[-3] == "blogspot")
    return ".".join(labels[-3:] if country or shared else labels[-2:])


def pick_canonical(page_url: str, canonical: str | None) -> str | None:
    """`canonical` if it may stand for the page at `page_url`: of the same site, and not its front page; else None."""
    if not canonical or len(canonical) > _LONGEST:
        return None
    try:
        ours, theirs = urlsplit(page_url.strip()), urlsplit(canonical.strip())
        ports = ours.port, theirs.port
    except ValueError:
        return None
    if theirs.scheme.lower() not in ("http", "https") or not theirs.hostname or not ours.hostname:
        return None
    if registrable(ours.hostname) != registrable(theirs.hostname):
        return None
    if _is_address(ours.hostname) and ports[0] != ports[1]:
        return None
    if _FRONT.match(unquote(theirs.path)) and not theirs.query and not theirs.fragment.startswith("!"):
        return None
    return canonical.strip()
