"""Refuses sockets that lead off this machine. Loads nothing: which modules a command imports is tested, too."""

import sys

_PLACES = {
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
}  # audit events, and which argument holds the address


class NetworkReachedError(RuntimeError):
    """A test tried to reach a network."""


def _loopback(name):
    parts = name.split(".")
    return len(parts) == 4 and parts[0] == "127" and all(part.isdecimal() for part in parts)


def _refuse(event, arguments):
    if event not in _PLACES:
        return
    address = arguments[_PLACES[event]]
    if isinstance(address, tuple) or event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = address[0] if isinstance(address, tuple) else address
        name = host.decode() if isinstance(host, bytes) else host or "localhost"
        if name not in {"localhost", "::1"} and not _loopback(name):
            raise NetworkReachedError(f"{event} {name}: tests run without a network")


def install():
    """Refuse from now on; an audit hook cannot be taken back."""
    sys.addaudithook(_refuse)


if __name__ == "sitecustomize":
    import os

    if "LEDGER_TESTS_ONLINE" not in os.environ:
        install()
