from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from monitor.errors import FetchError
from monitor.net import Client, Turns

from .conftest import Site

SECRETS = {"Authorization": "Bearer t", "cookie": "id=1", "Proxy-Authorization": "Basic x", "X-Key": "k", "Accept": "text/xml"}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_followed_and_told(client: Client, site: Site, status: int) -> None:
    site.redirects("/a", "/b?x=1#part", status)
    site.says("/b", "here")
    answer = await client.get(site.url("/a"))
    assert (answer.body, answer.url) == (b"here", site.url("/b?x=1"))
    assert answer.history == ((status, site.url("/a")),)


async def test_five_at_most(client: Client, site: Site) -> None:
    for number in range(6):
        site.redirects(f"/{number}", f"/{number + 1}")
    site.says("/6", "end")
    assert (await client.get(site.url("/1"))).body == b"end"
    with pytest.raises(FetchError) as caught:
        await client.get(site.url("/0"))
    assert caught.value.code == "redirects"
    assert "more than 5 times" in caught.value.text
    with pytest.raises(FetchError):
        await client.get(site.url("/5"), max_redirects=0)


@pytest.mark.parametrize("target", ["/", "/two", "", "http://"])
async def test_circles_and_dead_ends(client: Client, site: Site, target: str) -> None:
    site.redirects("/", target)
    site.redirects("/two", "/")
    with pytest.raises(FetchError) as caught:
        await client.get(site.url("/"))
    assert caught.value.code == "redirects"
    assert len(site.requests) <= 2


async def test_without_a_location(client: Client, site: Site) -> None:
    site.says("/", status=301)
    with pytest.raises(FetchError, match="without saying where"):
        await client.get(site.url("/"))


async def test_a_location_that_is_too_long(client: Client, site: Site) -> None:
    site.redirects("/", "/" + "a" * 3_000)
    with pytest.raises(FetchError) as caught:
        await client.get(site.url("/"))
    assert caught.value.code == "bad-url"


async def test_credentials_stay_on_their_origin(client: Client, site: Site, open_site: Callable[..., Awaitable[Site]]) -> None:
    other = await open_site()
    site.redirects("/a", "/b")
    site.redirects("/b", other.url("/c"))
    other.redirects("/c", site.url("/d"))
    site.says("/d", "x")
    await client.get(site.url("/a"), headers=SECRETS, secret_headers=["x-key"])
    for path in ("/a", "/b"):
        headers = site.seen(path)[0].headers
        assert all(headers[name] == value for name, value in SECRETS.items())
    # Not even where the way leads back: what came from elsewhere decides nothing for our credentials.
    for request in (other.requests[0], site.seen("/d")[0]):
        assert request.headers["Accept"] == "text/xml"
        assert not {"Authorization", "Cookie", "Proxy-Authorization", "X-Key"} & set(request.headers)


async def test_a_user_in_the_first_url_stays_on_its_origin(client: Client, site: Site, open_site: Callable[..., Awaitable[Site]]) -> None:
    other = await open_site()
    site.redirects("/a", "/b")
    site.redirects("/b", other.url("/c"))
    other.says("/c")
    answer = await client.get(f"http://me:secret@127.0.0.1:{site.port}/a")
    assert all(request.headers["Authorization"].startswith("Basic ") for request in site.requests)
    assert "Authorization" not in other.requests[0].headers
    assert "secret" not in answer.url + str(answer.history)


async def test_a_user_in_a_redirect_is_not_sent(client: Client, site: Site) -> None:
    site.redirects("/a", f"http://evil:user@127.0.0.1:{site.port}/b")
    site.says("/b")
    answer = await client.get(site.url("/a"))
    assert answer.url == site.url("/b")
    assert "Authorization" not in site.requests[1].headers


async def test_another_host_is_another_turn(
    open_client: Callable[..., Awaitable[Client]], site: Site, open_site: Callable[..., Awaitable[Site]]
) -> None:
    other = await open_site("127.0.0.2")
    turns = Turns(1)
    client = await open_client(turns=turns)
    site.redirects("/", other.url("/"))
    other.says("/", "x")
    turns.try_take("127.0.0.1")
    turns.try_take("127.0.0.2")
    with pytest.raises(FetchError, match=r"no turn at 127\.0\.0\.2"):
        await client.get(site.url(), take_turn=False, deadline=2.0)
    assert turns.full() == {"127.0.0.1", "127.0.0.2"}
    turns.give("127.0.0.2")
    assert (await client.get(site.url(), take_turn=False)).body == b"x"
    assert turns.full() == {"127.0.0.1"}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_post_is_never_redirected(client: Client, site: Site, status: int) -> None:
    site.redirects("/hook", "/secret-path", status)
    site.says("/secret-path", "ok")
    with pytest.raises(FetchError) as caught:
        await client.post(site.url("/hook"), body=b"{}")
    assert (caught.value.code, caught.value.status) == ("redirected", status)
    assert "secret-path" not in caught.value.text
    assert len(site.requests) == 1


@pytest.mark.parametrize(
    ("location", "words"), [("http://example.org/x", "points to example.org"), ("http://[::1]./", "points elsewhere"), ("/x", "elsewhere")]
)
async def test_a_redirected_post_says_where(client: Client, site: Site, location: str, words: str) -> None:
    site.redirects("/", location)
    with pytest.raises(FetchError, match=words):
        await client.post(site.url(), body=b"{}")
