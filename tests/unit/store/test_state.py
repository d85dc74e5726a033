"""The state folder: one holder at a time, one instance id for ever, nobody else's eyes."""

from __future__ import annotations

import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from monitor.errors import StoreError
from monitor.store.state import StateFolder, is_held
from tests.support.daemon import clean_environment


def test_the_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    with StateFolder(tmp_path / "deep" / "state") as folder:
        assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder.path / "lock").stat().st_mode) == 0o600
        assert folder.instance
        assert stat.S_IMODE((folder.path / "instance").stat().st_mode) == 0o600


def test_a_second_holder_is_refused_and_told_what_to_do(tmp_path: Path) -> None:
    assert not is_held(tmp_path)
    with StateFolder(tmp_path) as folder:
        assert is_held(tmp_path)
        with pytest.raises(StoreError, match="another monitor runs") as refused, StateFolder(tmp_path, wait=0.0):
            pass
        assert "--state" in str(refused.value.remedy)
        assert folder.socket == tmp_path / "control.sock"
    assert not is_held(tmp_path)


def test_a_short_command_is_waited_for(tmp_path: Path) -> None:
    first = StateFolder(tmp_path)
    first.__enter__()
    ending = threading.Timer(0.1, first.__exit__, (None, None, None))
    ending.start()
    with StateFolder(tmp_path, wait=10.0):
        assert is_held(tmp_path)
    ending.join()


def test_the_lock_ends_with_its_process_however_that_ends(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom monitor.store.state import StateFolder\n"
        "StateFolder(Path(sys.argv[1])).__enter__()\nos.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], env=clean_environment(), check=False)
    assert done.returncode == -9
    with StateFolder(tmp_path, wait=0.0):
        assert is_held(tmp_path)


def test_the_instance_s_id_stays_and_is_one_whoever_asks_first(tmp_path: Path) -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(StateFolder(tmp_path).instance)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["instance"]


def test_a_folder_that_can_t_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="can't be made") as refused, StateFolder(tmp_path / "file" / "state"):
        pass
    assert "--state" in str(refused.value.remedy)
