from __future__ import annotations

import gzip
import sys
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import FetchError
from monitor.net.decode import Inflow, coding_of

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


CODERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "bare deflate": ("deflate", raw_deflate),
    "br": ("br", lambda data: brotli.compress(data, quality=5)),
    "zstd": ("zstd", zstd.compress),
}


def undo(coding: str | None, data: bytes, limit: int = 10_000_000, piece: int | None = None) -> bytes:
    inflow = Inflow(coding, limit)
    step = piece or max(len(data), 1)
    for start in range(0, len(data), step):
        inflow.feed(data[start : start + step])
    return inflow.finish()


@pytest.mark.parametrize("name", CODERS)
@given(data=st.binary(max_size=5_000), piece=st.sampled_from([1, 2, 7, 1_000, None]))
def test_what_was_coded_comes_out(name: str, data: bytes, piece: int | None) -> None:
    coding, encode = CODERS[name]
    assert undo(coding, encode(data), piece=piece) == data


@pytest.mark.parametrize("name", CODERS)
@pytest.mark.parametrize("size", [262_143, 262_144, 262_145, 1_000_000])
def test_slices_fit_together(name: str, size: int) -> None:
    coding, encode = CODERS[name]
    data = bytes(range(256)) * (size // 256) + b"z" * (size % 256)
    assert undo(coding, encode(data)) == data
    assert undo(coding, encode(data), limit=size) == data
    with pytest.raises(FetchError) as caught:
        undo(coding, encode(data), limit=size - 1)
    assert caught.value.code == "too-large"


@pytest.mark.parametrize("name", CODERS)
def test_output_that_waits_inside_at_the_end_of_a_piece_comes_out(name: str) -> None:
    coding, encode = CODERS[name]
    data = bytes(600_000)
    packed = encode(data)
    for cut in range(1, len(packed)):
        inflow = Inflow(coding, 1_000_000)
        inflow.feed(packed[:cut])
        inflow.feed(packed[cut:])
        assert inflow.finish() == data


@pytest.mark.parametrize("name", CODERS)
def test_a_bomb_stops_at_the_limit_and_takes_no_memory(name: str) -> None:
    coding, encode = CODERS[name]
    bomb = encode(bytes(30_000_000))
    assert len(bomb) < 40_000
    tracemalloc.start()
    try:
        with pytest.raises(FetchError) as caught:
            undo(coding, bomb, limit=1_000_000, piece=65_536)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert caught.value.code == "too-large"
    assert "1 MB" in caught.value.text
    assert peak < 6_000_000


@pytest.mark.parametrize("name", CODERS)
def test_a_truncated_body_is_told(name: str) -> None:
    coding, encode = CODERS[name]
    whole = encode(b"<rss>" + bytes(range(256)) * 40)
    for end in (1, 2, 3, len(whole) // 2, len(whole) - 1):
        with pytest.raises(FetchError) as caught:
            undo(coding, whole[:end])
        assert caught.value.code == "encoding"


@pytest.mark.parametrize("name", CODERS)
@given(data=st.binary(min_size=1, max_size=300))
def test_garbage_is_told_or_decoded_but_nothing_else(name: str, data: bytes) -> None:
    coding, _ = CODERS[name]
    try:
        outcome = str(len(undo(coding, data, limit=100_000)) <= 100_000)
    except FetchError as exc:
        outcome = exc.code
    assert outcome in ("True", "encoding", "too-large")


def test_nothing_at_all_is_an_empty_body() -> None:
    for coding in (None, "gzip", "deflate", "br", "zstd"):
        assert undo(coding, b"") == b""


def test_members_and_frames_are_joined() -> None:
    assert undo("gzip", gzip.compress(b"a") + gzip.compress(b"b"), piece=5) == b"ab"
    assert undo("zstd", zstd.compress(b"a") + zstd.compress(b"b")) == b"ab"


def test_padding_after_the_end_is_passed_over() -> None:
    assert undo("gzip", gzip.compress(b"a") + b"\0" * 100) == b"a"
    assert undo("gzip", gzip.compress(b"a") + b"\r\n", piece=1) == b"a"
    assert undo("deflate", zlib.compress(b"a") + b"\n") == b"a"


def test_ten_thousand_empty_members_are_somebodys_play() -> None:
    with pytest.raises(FetchError, match="1,000 parts"):
        undo("gzip", gzip.compress(b"") * 10_000, piece=65_536)


def test_a_window_over_eight_megabytes_is_refused() -> None:
    options = {zstd.CompressionParameter.window_log: 27, zstd.CompressionParameter.content_size_flag: 0}
    packer = zstd.ZstdCompressor(options=options)
    with pytest.raises(FetchError) as caught:
        undo("zstd", packer.compress(b"x" * 1000) + packer.flush())
    assert caught.value.code == "encoding"


def test_the_wire_is_limited_too() -> None:
    with pytest.raises(FetchError, match="larger than 1,000 bytes"):
        undo(None, b"x" * 1_001, limit=1_000)
    assert undo(None, b"x" * 1_000, limit=1_000, piece=10) == b"x" * 1_000


def test_what_came_so_far_is_there() -> None:
    inflow = Inflow("gzip", 1_000)
    inflow.feed(gzip.compress(b"hello world")[:-4])
    assert inflow.so_far == b"hello world"
    assert inflow.wire_bytes == len(gzip.compress(b"hello world")) - 4


@pytest.mark.parametrize(
    ("values", "coding"),
    [
        ([], None),
        ([""], None),
        (["identity"], None),
        (["gzip"], "gzip"),
        (["GZIP "], "gzip"),
        (["x-gzip"], "gzip"),
        (["identity, br"], "br"),
        (["deflate", "identity"], "deflate"),
        (["zstd"], "zstd"),
        (["utf-8"], None),
        (["none"], None),
    ],
)
def test_the_coding_that_headers_name(values: list[str], coding: str | None) -> None:
    assert coding_of(values) == coding


@pytest.mark.parametrize("values", [["gzip, gzip"], ["gzip", "br"], ["gzip,deflate,br"], ["compress"], ["rot13"], ["gzip;q=1"]])
def test_layers_and_strange_codings_are_refused(values: list[str]) -> None:
    with pytest.raises(FetchError) as caught:
        coding_of(values)
    assert caught.value.code == "encoding"
    assert caught.value.remedy
