"""How workers find one another before TensorFlow starts."""

import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from keras_f2a.runs.worker_group import WorkerGroup, agree, group_from_environment
from keras_f2a.support.errors import InputError, WorkError
from tests.runs.two_workers import free_addresses

FILES = {"last.keras": b"x" * 3_000_000, "empty": b""}


def meet(facts, files, timeout=20.0, count=None):
    """What becomes of each worker: its files, or what it raised."""
    addresses = tuple(free_addresses(count or len(facts)))

    def one(index):
        try:
            given = files if index == 0 else {}
            return agree(WorkerGroup(addresses, index), facts[index], given, timeout=timeout)
        except (InputError, WorkError) as error:
            return error

    with ThreadPoolExecutor(len(facts)) as pool:
        return list(pool.map(one, range(len(facts))))


def test_all_have_the_chiefs_files():
    assert meet([{"seed": 1}] * 3, FILES) == [FILES] * 3


def test_a_worker_that_differs_is_named_to_all():
    found = meet([{"keras": "3.15.1", "`seed`": 1}, {"keras": "3.15.0", "`seed`": 1}], {})
    for error in found:
        assert isinstance(error, InputError)
        assert "has keras 3.15.0, the chief 3.15.1" in str(error) and "seed" not in error.message


@pytest.mark.parametrize("who", ["worker", "chief"])
def test_one_that_does_not_come_is_named(who):
    if who == "worker":
        for error in meet([{}, {}], {}, timeout=1.5, count=3):
            assert isinstance(error, WorkError) and "workers did not come within 1.5 s" in str(
                error
            )
        return
    addresses = tuple(free_addresses())
    with pytest.raises(WorkError, match="the chief, .*, did not answer within 0.5 s"):
        agree(WorkerGroup(addresses, 1), {}, {}, timeout=0.5)


def test_strangers_and_workers_that_end_are_no_workers():
    addresses = tuple(free_addresses())
    host, port = addresses[0].split(":")

    def strangers():
        for words in (b"GET / HTTP/1.1\r\n\r\n", b"keras_f2a\n", b"keras_f2a\n\0\0\0\0\0\0\0\2{}"):
            with socket.create_connection((host, int(port)), timeout=20) as stranger:
                stranger.sendall(words)
        results.append(agree(WorkerGroup(addresses, 1), {}, {}, timeout=20))

    results = []
    chief = threading.Thread(
        target=lambda: results.append(agree(WorkerGroup(addresses, 0), {}, FILES, timeout=20))
    )
    chief.start()
    while True:
        try:
            strangers()
            break
        except ConnectionRefusedError:
            continue
    chief.join()
    assert results == [FILES, FILES]


@pytest.mark.parametrize(
    "config",
    [
        None,
        "nonsense",
        "[]",
        '{"cluster": {"worker": ["a:1"]}, "task": {"type": "worker", "index": 1}}',
        '{"cluster": {"worker": ["a"]}, "task": {"type": "worker", "index": 0}}',
        '{"cluster": {"worker": ["a:1", "a:1"]}, "task": {"type": "worker", "index": 0}}',
        '{"cluster": {"worker": ["a:1"], "ps": ["a:2"]}, "task": {"type": "ps", "index": 0}}',
    ],
)
def test_a_missing_or_wrong_tf_config(config, monkeypatch):
    monkeypatch.delenv("TF_CONFIG", raising=False)
    if config is not None:
        monkeypatch.setenv("TF_CONFIG", config)
    with pytest.raises(InputError, match="strategy=multi_worker: needs the variable TF_CONFIG"):
        group_from_environment()


def test_a_chief_beside_the_workers_is_the_first(monkeypatch):
    cluster = {"chief": ["a:1"], "worker": ["b:1", "c:1"]}
    for kind, index, expected in (("chief", 0, 0), ("worker", 0, 1), ("worker", 1, 2)):
        task = {"type": kind, "index": index}
        monkeypatch.setenv("TF_CONFIG", json.dumps({"cluster": cluster, "task": task}))
        assert group_from_environment() == WorkerGroup(("a:1", "b:1", "c:1"), expected)
