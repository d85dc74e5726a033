"""password and token: what they print is what the configuration takes, and fits what was typed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from monitor.actions.keys import check_password, hash_password
from monitor.config import load
from tests.unit.cli.conftest import Run


def test_a_password_from_stdin_is_its_first_line(run: Run) -> None:
    done = run("password", stdin="correct horse\nbattery\n")
    assert (done.status, done.err) == (0, "")
    made = done.out.strip()
    assert check_password("correct horse", made)
    assert not check_password("correct horse\nbattery", made)
    assert not check_password("Correct horse", made)


def test_the_same_password_never_has_the_same_hash() -> None:
    assert hash_password("a") != hash_password("a")
    assert hash_password("a", b"0" * 16) == hash_password("a", b"0" * 16)


@pytest.mark.parametrize(
    "stored", ["", "scrypt:", "scrypt:1:2:3:x:y", "scrypt:16384:8:1:!:!", "md5:1:2:3:4:5", "scrypt:99999999999:8:1:YQ:YQ"]
)
def test_what_is_no_hash_fits_nothing(stored: str) -> None:
    assert not check_password("a", stored)


def test_an_empty_password_is_refused(run: Run) -> None:
    done = run("password", stdin="")
    assert done.status == 2
    assert "no password" in done.err


def test_a_token_is_shown_once_with_the_hash_to_keep(run: Run) -> None:
    token, made = run("token").out.split()
    assert made == "sha256:" + hashlib.sha256(token.encode()).hexdigest()
    assert len(token) >= 40
    assert run("token").out.split()[0] != token


def test_the_configuration_takes_both(run: Run, tmp_path: Path) -> None:
    password = run("password", stdin="x\n").out.strip()
    token = run("token", "--json").json["hash"]
    file = tmp_path / "monitor.yaml"
    file.write_text(
        f'web:\n  users: {{a: {{role: editor, password: "{password}"}}}}\n  tokens: {{b: {{role: viewer, token: "{token}"}}}}\n',
        encoding="utf-8",
    )
    loaded = load(file)
    assert loaded.config is not None, loaded.problems
