"""The service's connections: those that stay silent, and clients that read or write slowly."""

import io
import socket
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
from PIL import Image

import keras_f2a
from tests.services.service import asked, begun, content_of, metrics, running_service, wait_until


def is_connected(port, client):
    """Return whether the kernel still has the service's end of a client's connection."""
    ends = [f":{port:04X}", f":{client.getsockname()[1]:04X}"]
    lines = Path("/proc/net/tcp").read_text().splitlines()
    return any([end[-5:] for end in line.split()[1:3]] == ends for line in lines)


def test_a_client_that_does_not_read_its_result_loses_the_connection(rng, photograph):
    file = io.BytesIO()
    Image.fromarray(rng.integers(0, 256, (1600, 1600, 3), dtype=np.uint8)).save(file, "PNG")
    with running_service("--workers", "1", "--seconds", "20") as (port, _), socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        one.connect(("127.0.0.1", port))
        head = (
            f"POST /correct HTTP/1.1\r\nHost: a\r\nContent-Length: {len(file.getvalue())}\r\n\r\n"
        )
        one.sendall(head.encode() + file.getvalue())
        wait_until(lambda: metrics(port)["keras_f2a_downloaded_bytes_total"] > 0)
        assert metrics(port)["keras_f2a_places_taken"] == 1
        assert is_connected(port, one)
        assert asked(port, photograph)[0] == 200
        wait_until(lambda: metrics(port)["keras_f2a_places_taken"] == 0)
        wait_until(lambda: not is_connected(port, one))
        # The rest was never sent. The result is as large as its photograph.
        assert metrics(port)["keras_f2a_downloaded_bytes_total"] < len(file.getvalue()) / 2


def ended_by_the_service(connection):
    """Read from a connection until the service closes it."""
    try:
        while connection.recv(4096):
            pass
    except ConnectionResetError:  # The service stopped reading before everything was sent.
        pass
    return True


def test_connections_without_a_request_are_closed(photograph):
    """Silence, half a header, or a body after its response closes a connection, but no other."""
    unread = b"POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n"
    with running_service("--workers", "1") as (port, _), begun(port, photograph) as (slow, rest):
        address = "127.0.0.1", port
        silent, half, endless = (socket.create_connection(address, 60) for _ in range(3))
        with silent, half, endless:
            half.sendall(b"GET /healthz HTTP/1.1\r\nHost:")
            endless.sendall(unread)
            assert endless.recv(4096).startswith(b"HTTP/1.1 405 ")
            end = time.monotonic() + 60
            with suppress(BrokenPipeError, ConnectionResetError):
                while time.monotonic() < end:
                    endless.sendall(b"0")
                    time.sleep(0.2)
            assert time.monotonic() < end
            assert all(map(ended_by_the_service, (silent, half, endless)))
        slow.send(rest)
        assert content_of(slow) == keras_f2a.correct_photo(photograph)


def test_a_slow_client_gets_its_answer():
    """One client reads only after sending everything, and one pauses before its request."""
    with running_service("--workers", "1") as (port, _):
        address = "127.0.0.1", port
        with (
            socket.create_connection(address, 60) as last,
            socket.create_connection(address) as late,
        ):
            last.sendall(b"POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 35\r\n\r\n")
            for tenths in range(70):
                if tenths % 2 == 0:
                    last.sendall(b"0")
                if tenths == 35:
                    late.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n")
                time.sleep(0.1)
            late.sendall(b"\r\n")
            assert last.recv(4096).startswith(b"HTTP/1.1 405 ")
            assert late.recv(4096).startswith(b"HTTP/1.1 200 ")
