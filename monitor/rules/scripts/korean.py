"""Korean particles: what may stand after a word, up to three of them, without being part of it (decision 20).

Case and auxiliary particles, the conjunctive ones and the forms of the copula that newspapers write after a noun.
Left out are endings that make another word of it: 한국인 is not 한국 with a particle.
"""

from __future__ import annotations

import re
from functools import lru_cache

_LIST = """
    은 는 이 가 을 를 의 에 와 과 도 만 로 으로 께 께서 에서 에게 에게서 한테 한테서 서 로서 으로서 로써 으로써
    부터 까지 마저 조차 밖에 보다 처럼 같이 만큼 마다 대로 뿐 씩 쯤 하고 랑 이랑 나 이나 나마 이나마 며 이며 든 든지
    이든 이든지 라도 이라도 라 이라 란 이란 라는 이라는 라고 이라고 라며 이라며 라면 이라면 라서 이라서 더러 커녕 은커녕
    는커녕 치고 따라 야말로 이야말로 야 이야 이여 요 이요 들 에는 엔 에선 에겐 론 으론 로는 으로는 까진 이다 다 입니다
    이었다 였다 이고 이자 이지만 지만 이지 이니 인데 인지 인가 이어서 여서 이므로 므로 이면 이던 이었던 였던 이었고 였고
    이었으며 였으며 이었지만 였지만 이었는데 였는데 이라지만 라지만 이라면서 라면서 이라던 라던 이기도 이어야 여야 인들 보단
    부턴 입니까
"""
PARTICLES = tuple(_LIST.split())
MOST = 3

_ONE = "(?:" + "|".join(sorted(PARTICLES, key=len, reverse=True)) + ")"
TAIL = f"{_ONE}{{0,{MOST}}}"
"""A regex for what may stand between a word and the gap after it."""

LONGEST = MOST * max(map(len, PARTICLES))
_TAIL = re.compile(TAIL)


@lru_cache(maxsize=50_000)
def are_particles(tail: str) -> bool:
    """Whether these syllables are particles alone, three at most."""
    return _TAIL.fullmatch(tail) is not None
