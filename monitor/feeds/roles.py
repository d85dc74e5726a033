"""What an element of a feed means to feedparser, which merges namespaces and ignores case: the vocabulary that the strict
reader must share to be sure of reading the same.

An element that is not named here, in a namespace that feedparser knows, is stored under its own name and changes none of
the fields that we read.
"""

from __future__ import annotations

ATOM = "http://www.w3.org/2005/Atom"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RSS1 = "http://purl.org/rss/1.0/"
XHTML = "http://www.w3.org/1999/xhtml"

# Namespaces by the prefix that feedparser gives them; "" is the common vocabulary of RSS and Atom.
_NAMESPACES = {
    "": "",
    "http://backend.userland.com/rss": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    RSS1: "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://example.com/newformat#": "",
    "http://example.com/necho": "",
    "http://purl.org/echo/": "",
    "uri/of/echo/namespace#": "",
    "http://purl.org/pie/": "",
    "http://purl.org/atom/ns#": "",
    ATOM.lower(): "",
    "http://purl.org/rss/1.0/modules/rss091#": "",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://example.com/dtds/podcast-1.0.dtd": "itunes",
    "http://search.yahoo.com/mrss": "media",
    "http://search.yahoo.com/mrss/": "media",
    XHTML: "xhtml",
}
# Known to feedparser, and nothing in them touches the fields that we read.
_HARMLESS = frozenset(
    {
        "http://webns.net/mvcb/",
        "http://purl.org/rss/1.0/modules/slash/",
        "http://purl.org/rss/1.0/modules/syndication/",
        "http://purl.org/rss/1.0/modules/threading/",
        "http://purl.org/syndication/thread/1.0",
        "http://wellformedweb.org/commentapi/",
        "http://rssnamespace.org/feedburner/ext/1.0",
        "http://www.georss.org/georss",
        "http://www.w3.org/2003/01/geo/wgs84_pos#",
        "http://madskills.com/public/xml/rss/module/trackback/",
        "http://madskills.com/public/xml/rss/module/pingback/",
        "http://www.google.com/schemas/play-podcasts/1.0",
        "https://podcastindex.org/namespace/1.0",
        "http://www.youtube.com/xml/schemas/2015",
        "com-wordpress:feed-additions:1",
        "http://a9.com/-/spec/opensearch/1.1/",
        "http://a9.com/-/spec/opensearchrss/1.0/",
        "http://schemas.google.com/g/2005",
        "http://schemas.google.com/blogger/2008",
    }
)

_BAD = "bad"  # the strict reader is not sure of a document that has one
_ROLES = {
    "title": "title",
    "dc_title": "title",
    "media_title": "media_title",
    "link": "link",
    "guid": "guid",
    "id": "guid",
    "pubdate": "published",
    "published": "published",
    "issued": "published",
    "dcterms_issued": "published",
    "updated": "updated",
    "modified": "updated",
    "lastbuilddate": "updated",
    "dc_date": "updated",
    "dcterms_modified": "updated",
    "author": "author",
    "managingeditor": "author",
    "dc_creator": "author",
    "dc_author": "author",
    "itunes_author": "author",
    "description": "description",
    "dc_description": "description",
    "media_description": "description",
    "abstract": "abstract",
    "summary": "summary",
    "itunes_summary": "summary",
    "content": "content",
    "content_encoded": "encoded",
    "fullitem": "encoded",
    "source": "source",
    "media_group": "group",
    "media_content": "group",
    "contributor": "person",
    "item": "item",
    "entry": "item",
    "image": "image",
    "channel": _BAD,
    "feed": _BAD,
    "rss": _BAD,
    "body": _BAD,
    "xhtml_body": _BAD,
    "textinput": _BAD,
    "name": _BAD,
    "email": _BAD,
    "itunes_owner": "person",
    "itunes_name": _BAD,
    "itunes_email": _BAD,
    "language": "language",
    "dc_language": "language",
    # Stored under their own names, these would stand where feedparser keeps what it has read.
    "links": _BAD,
    "authors": _BAD,
    "author_detail": _BAD,
    "title_detail": _BAD,
    "summary_detail": _BAD,
    "published_parsed": _BAD,
    "updated_parsed": _BAD,
    "guidislink": _BAD,
    "newlocation": _BAD,
    "svg": _BAD,
    "math": _BAD,
}
_LOCAL_NAMES = frozenset(name.rpartition("_")[2] for name in _ROLES) | {"url", "uri", "homepage", "detail", "parsed"}


class Roles(dict[str, str]):
    """The role of an element by its tag as lxml writes it (`{namespace}name`); "" for one that does not matter."""

    def __missing__(self, tag: str) -> str:
        namespace, _, name = tag[1:].partition("}") if tag.startswith("{") else ("", "", tag)
        name, namespace = name.lower(), namespace.lower()
        prefix = _NAMESPACES.get(namespace)
        if prefix is not None:
            role = _ROLES.get(f"{prefix}_{name}" if prefix else name, "")
        elif namespace in _HARMLESS:
            role = ""
        elif "backend.userland.com/rss" in namespace:
            role = _BAD
        else:  # feedparser goes by the prefix that the document chose, and by none if it chose the default
            role = _BAD if name in _LOCAL_NAMES or "svg" in namespace else ""
        if len(self) < 1_000:
            self[tag] = role
        return role
