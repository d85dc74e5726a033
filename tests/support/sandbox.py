"""Runs a command under a unit's own restrictions: its system call filter, address families, and no writable code.

    python -m tests.support.sandbox systemd/monitor.service COMMAND…

What systemd would do, done by libseccomp (which systemd brings along), so that a test needs no running systemd. The
sets of calls come from `systemd-analyze syscall-filter`. Filters stay on all children.
"""

from __future__ import annotations

import ctypes
import errno
import os
import subprocess
import sys
from pathlib import Path

ALLOW = 0x7FFF0000  # SCMP_ACT_ALLOW
REFUSE = 0x00050000  # SCMP_ACT_ERRNO
EQUAL, GREATER, MASKED_EQUAL = 4, 6, 7  # SCMP_CMP_EQ, SCMP_CMP_GT, SCMP_CMP_MASKED_EQ
FAMILIES = {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10, "AF_NETLINK": 16}
WRITE, EXECUTE, SHM_EXECUTE = 2, 4, 0o100000
NO_NEW_PRIVILEGES = 38  # PR_SET_NO_NEW_PRIVS


class _Compare(ctypes.Structure):
    _fields_ = [("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64)]


def settings(unit: Path) -> dict[str, list[str]]:
    """The unit's settings; a key may stand several times."""
    found: dict[str, list[str]] = {}
    for line in unit.read_text(encoding="utf-8").splitlines():
        key, sign, value = line.partition("=")
        if sign and not line.startswith("#"):
            found.setdefault(key.strip(), []).append(value.strip())
    return found


def calls(name: str) -> set[str]:
    """The system calls of a set such as @system-service, sets within it included."""
    if not name.startswith("@"):
        return {name}
    listed = subprocess.run(["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True).stdout
    found: set[str] = set()
    for line in listed.splitlines()[1:]:
        word = line.strip()
        if word and not word.startswith("#"):
            found |= calls(word)
    return found


def allowed(unit: Path) -> set[str]:
    """The calls that the unit's SystemCallFilter lines leave, read in their order as systemd does."""
    found = calls("@default")
    for line in settings(unit).get("SystemCallFilter", []):
        named = set().union(*(calls(word) for word in line.lstrip("~").split()))
        found = found - named if line.startswith("~") else found | named
    return found


class _Filter:
    def __init__(self, default: int) -> None:
        self._library = ctypes.CDLL("libseccomp.so.2")
        self._library.seccomp_init.restype = ctypes.c_void_p
        self._library.seccomp_rule_add_array.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint, ctypes.c_void_p]
        self._library.seccomp_load.argtypes = [ctypes.c_void_p]
        self._context = self._library.seccomp_init(ctypes.c_uint32(default))

    def add(self, action: int, call: str, *compares: _Compare) -> None:
        number = self._library.seccomp_syscall_resolve_name(call.encode())
        if number < 0:  # a call of another architecture
            return
        array = (_Compare * len(compares))(*compares)
        if self._library.seccomp_rule_add_array(self._context, action, number, len(compares), array):
            raise OSError(f"no rule for {call}")

    def load(self) -> None:
        if self._library.seccomp_load(self._context):
            raise OSError("this kernel takes no seccomp filter")


def _no_writable_code(refusals: _Filter) -> None:
    both = _Compare(2, MASKED_EQUAL, WRITE | EXECUTE, WRITE | EXECUTE)
    executable = _Compare(2, MASKED_EQUAL, EXECUTE, EXECUTE)
    refusals.add(REFUSE | errno.EPERM, "mmap", both)
    refusals.add(REFUSE | errno.EPERM, "mprotect", executable)
    refusals.add(REFUSE | errno.EPERM, "pkey_mprotect", executable)
    refusals.add(REFUSE | errno.EPERM, "shmat", _Compare(2, MASKED_EQUAL, SHM_EXECUTE, SHM_EXECUTE))


def _families(refusals: _Filter, names: list[str]) -> None:
    numbers = {FAMILIES[name] for name in names}
    action = REFUSE | errno.EAFNOSUPPORT
    refusals.add(action, "socket", _Compare(0, GREATER, max(numbers), 0))
    for number in set(range(max(numbers))) - numbers:
        refusals.add(action, "socket", _Compare(0, EQUAL, number, 0))


def enter(unit: Path) -> None:
    """From here on this process and all its children may do only what the unit lets them."""
    said = settings(unit)
    fine = allowed(unit)
    ctypes.CDLL(None).prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    refusals = _Filter(ALLOW)
    if said.get("MemoryDenyWriteExecute") == ["yes"]:
        _no_writable_code(refusals)
    if families := said.get("RestrictAddressFamilies"):
        _families(refusals, families[-1].split())
    refusals.load()
    wall = _Filter(REFUSE | errno.EPERM)
    for call in sorted(fine):
        wall.add(ALLOW, call)
    wall.load()


if __name__ == "__main__":
    enter(Path(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])
