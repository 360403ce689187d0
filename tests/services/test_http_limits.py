"""The service's limits: number of requests, time, lost processes and signals."""

import json
import os
import signal
import threading
from pathlib import Path

import pytest

import keras_f2a
from benchmarks.http_service import load
from tests.services.service import (
    asked,
    begun,
    content_of,
    error_of,
    metrics,
    running_service,
    wait_until,
)


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


def test_hundreds_of_requests_good_and_bad():
    report = load(150, clients=3, seed=1, distinct=60)
    assert not report.differences
    assert report.exit_code == 0
    assert sum(report.answers.values()) == 150
    assert report.answers["good 200"] > 60
    assert sum(count for name, count in report.answers.items() if name.startswith("hostile")) > 10
    assert report.growth < 1.3  # the full benchmark has a tighter bound
