from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest

from tests.support import postgres
from tests.support.postgres import Server


async def test_each_test_has_a_database_of_its_own(postgres_url: str, postgres_server: Server) -> None:
    connection = await asyncpg.connect(postgres_url)
    try:
        assert await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
        assert await connection.fetchval("SHOW server_encoding") == "UTF8"
    finally:
        await connection.close()
    other = postgres_server.create()
    assert other != postgres_url
    postgres_server.drop(other)


def test_a_server_comes_back_with_its_data(tmp_path: Path) -> None:
    server = Server(postgres.wheel_binaries())
    try:
        server.start()
        url = server.create()
        server.execute("CREATE TABLE t (n int)", "INSERT INTO t VALUES (7)", url=url)
        server.halt(signal="kill")
        with pytest.raises(OSError):
            server.execute("SELECT 1", url=url)
        server.launch()
        assert server.execute("SELECT n FROM t", url=url)[0][0]["n"] == 7
    finally:
        server.stop()
    assert server.folder is not None
    assert not server.folder.exists()
