"""The service's limits: number of requests, time, slow clients, lost processes and signals."""

import http.client
import io
import json
import os
import signal
import socket
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import keras_f2a
from benchmarks.http_service import load
from tests.services.service import asked, error_of, metrics, running_service


@contextmanager
def begun(port, photograph):
    """Send half of a photograph and yield the connection and the other half."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.putrequest("POST", "/correct")
    connection.putheader("Content-Length", str(len(photograph)))
    half = len(photograph) // 2
    connection.endheaders(photograph[:half])
    yield connection, photograph[half:]
    connection.close()


def content_of(connection):
    """Return the content of a connection's response."""
    with connection.getresponse() as answer:
        return answer.read()


def wait_until(is_so):
    end = time.monotonic() + 120
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


def refuses(port):
    """Return whether a service has closed its port."""
    try:
        asked(port, path="/healthz", method="GET")
    except ConnectionRefusedError:
        return True
    except ConnectionResetError:  # It was just closing.
        return False
    return False


def children(process):
    """Return the ids of a process's children."""
    return [
        int(number)
        for task in Path(f"/proc/{process.pid}/task").iterdir()
        for number in (task / "children").read_text().split()
    ]


def is_connected(port, client):
    """Return whether the kernel still has the service's end of a client's connection."""
    ends = [f":{port:04X}", f":{client.getsockname()[1]:04X}"]
    lines = Path("/proc/net/tcp").read_text().splitlines()
    return any([end[-5:] for end in line.split()[1:3]] == ends for line in lines)


def test_more_requests_than_places_are_told_to_come_again(photograph):
    arguments = ("--workers", "1", "--waiting", "1", "--seconds", "20")
    with running_service(*arguments) as (port, process):
        with begun(port, photograph) as (first, rest):
            with begun(port, photograph):
                wait_until(lambda: metrics(port)["keras_f2a_places_taken"] == 2)
                status, headers, content = asked(port, photograph)
                assert status == 503
                assert int(headers["retry-after"]) >= 1
                assert "busy" in json.loads(content)["error"]
            wait_until(lambda: metrics(port)["keras_f2a_places_taken"] == 1)
            assert asked(port, photograph)[0] == 200
            first.send(rest)
            assert content_of(first) == keras_f2a.correct_photo(photograph)
        with begun(port, photograph) as (last, _):  # A second Ctrl-C does not wait for uploads.
            wait_until(lambda: metrics(port)["keras_f2a_places_taken"] == 1)
            process.send_signal(signal.SIGINT)
            wait_until(lambda: refuses(port))
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 0
            assert "the service stopped; send" in content_of(last).decode()
        assert process.stdout.read() == "stopped; canceled requests: 1\n"


def test_time_limits_and_a_lost_process(photograph):
    arguments = ("--workers", "1", "--seconds", "2")
    with running_service(*arguments) as (port, process):
        with begun(port, photograph) as (slow, _):
            assert "did not arrive within 2 s" in content_of(slow).decode()
        (worker,) = children(process)
        os.kill(worker, signal.SIGSTOP)
        status, line = error_of(asked(port, photograph))
        assert (status, line) == (504, "it took more than 2 s")
        expected = keras_f2a.correct_photo(photograph)
        assert asked(port, photograph)[2] == expected
        (worker,) = children(process)
        os.kill(worker, signal.SIGSTOP)
        threading.Timer(0.5, os.kill, (worker, signal.SIGSEGV)).start()
        threading.Timer(0.6, os.kill, (worker, signal.SIGCONT)).start()
        status, line = error_of(asked(port, photograph))
        assert status == 422
        assert "SIGSEGV" in line
        assert asked(port, photograph)[2] == expected
        assert metrics(port)["keras_f2a_worker_restarts_total"] == 2


def test_the_last_request_has_each_of_its_limits(photograph):
    """Upload and correction together take longer than either limit."""
    with running_service("--workers", "1", "--seconds", "6") as (port, process):
        with begun(port, photograph) as (last, rest):
            wait_until(lambda: metrics(port)["keras_f2a_places_taken"] == 1)
            (worker,) = children(process)
            os.kill(worker, signal.SIGSTOP)
            process.send_signal(signal.SIGTERM)
            wait_until(lambda: refuses(port))
            last.send(rest)
            assert "it took more than 6 s" in content_of(last).decode()
        assert process.wait(30) == 0
        assert process.stdout.read() == "stopped; every request that ran was answered\n"


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


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_after_the_requests_that_run(number, photograph):
    with running_service("--workers", "1") as (port, process):
        workers = children(process)
        with begun(port, photograph) as (connection, rest):
            wait_until(lambda: metrics(port)["keras_f2a_places_taken"] == 1)
            process.send_signal(number)
            wait_until(lambda: refuses(port))
            assert process.poll() is None
            connection.send(rest)
            assert content_of(connection) == keras_f2a.correct_photo(photograph)
        assert process.wait(30) == 0
        assert process.stdout.read() == "stopped; every request that ran was answered\n"
        assert not any(Path(f"/proc/{worker}").exists() for worker in workers)


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


def test_a_full_disk_is_the_services_fault(small_disk, rng, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(small_disk))
    noise = Image.fromarray(rng.integers(0, 256, (480, 480, 3), dtype=np.uint8))
    large, fine = io.BytesIO(), io.BytesIO()
    noise.save(large, "PNG")
    noise.save(fine, "JPEG", quality=20)
    form = b'--a\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n'
    form += rng.bytes(1_500_000) + b"\r\n--a--\r\n"
    headers = {"content-type": "multipart/form-data; boundary=a"}
    expected = 507, "the service cannot store the photograph; send it again later"
    with running_service("--workers", "1") as (port, _):
        assert asked(port, fine.getvalue())[0] == 200
        assert error_of(asked(port, large.getvalue())) == expected
        assert error_of(asked(port, form, headers=headers)) == expected
        assert error_of(asked(port, fine.getvalue(), "/correct?quality=100")) == expected
        assert asked(port, fine.getvalue())[0] == 200


def test_a_lost_folder_for_uploads_is_the_services_fault(tmp_path, photograph, monkeypatch):
    (tmp_path / "uploads").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "uploads"))
    with running_service("--workers", "1") as (port, _):
        assert asked(port, photograph)[0] == 200
        wait_until(lambda: not any((tmp_path / "uploads").iterdir()))
        (tmp_path / "uploads").rmdir()
        assert error_of(asked(port, photograph))[0] == 507
        (tmp_path / "uploads").mkdir()
        assert asked(port, photograph)[0] == 200


def test_hundreds_of_requests_good_and_bad():
    report = load(150, clients=3, seed=1, distinct=60)
    assert not report.differences
    assert report.exit_code == 0
    assert sum(report.answers.values()) == 150
    assert report.answers["good 200"] > 60
    assert sum(count for name, count in report.answers.items() if name.startswith("hostile")) > 10
    assert report.growth < 1.3  # the full benchmark has a tighter bound
