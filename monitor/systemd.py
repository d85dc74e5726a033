"""sd_notify: tells systemd how the service fares (sd_notify(3)). Does nothing where nobody asked."""

from __future__ import annotations

import os
import socket


def notify(*states: str) -> None:
    """Sends states such as "READY=1" to the socket that systemd named in the environment."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address or address[0] not in "/@":
        return
    if address[0] == "@":
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out:
        out.settimeout(0.1)  # a supervisor that does not listen must not hold up the service
        try:
            out.connect(address)
            out.sendall("\n".join(states).encode())
        except OSError:
            return  # the service runs as well without its supervisor's ear


def watchdog_seconds() -> float | None:
    """How often systemd wants a sign of life, half of its limit; None where it wants none."""
    microseconds = os.environ.get("WATCHDOG_USEC", "")
    if not microseconds.isdigit() or os.environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    return int(microseconds) / 2e6
