from __future__ import annotations

from monitor.rules import parse


def test_a_query_of_every_operator_is_read() -> None:
    query = parse('"x y" AND (b OR c) NOT NEAR/5 d NOT e')
    assert query.canonical == '"x y" AND (b OR c) NOT NEAR/5 d AND NOT e'
