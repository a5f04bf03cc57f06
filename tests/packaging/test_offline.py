"""The tests' own guard: the network is refused in this process and in the Python processes it starts; loopback is not."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

FAR = ("192.0.2.1", 80)  # kept for documentation: no machine has it
REFUSED = "tests run without a network"


def test_a_far_address_and_a_name_are_refused() -> None:
    with socket.socket() as one, pytest.raises(RuntimeError, match=rf"192\.0\.2\.1: {REFUSED}"):
        one.connect(FAR)
    with socket.socket(type=socket.SOCK_DGRAM) as one, pytest.raises(RuntimeError, match=REFUSED):
        one.sendto(b"", FAR)
    with pytest.raises(RuntimeError, match=rf"example\.org: {REFUSED}"):
        socket.getaddrinfo("example.org", 80)
    with pytest.raises(RuntimeError, match=REFUSED):
        socket.create_connection(("127.example.org", 80), timeout=1)


def test_loopback_and_unix_sockets_are_left_alone() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        server.accept()[0].close()
        assert client.recv(1) == b""
    one, two = socket.socketpair()
    one.sendall(b"x")
    assert two.recv(1) == b"x"
    one.close()
    two.close()


def test_a_child_process_is_refused_too() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    assert "NetworkReachedError" in done.stderr
