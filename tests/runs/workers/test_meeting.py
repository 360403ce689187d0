"""Workers find each other before TensorFlow starts."""

import contextlib
import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from keras_f2a.runs.workers.group import WorkerGroup, group_from_environment
from keras_f2a.runs.workers.meeting import agree
from keras_f2a.support.errors import InputError, WorkError
from tests.runs.workers.two_workers import free_addresses

FILES = {"last.keras": b"x" * 3_000_000, "empty": b""}


def meet(facts, files, timeout=20.0, count=None):
    """Let workers meet and return, for each of them, its files or the error that it raised."""
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
        assert (
            "has keras 3.15.0, but the chief has 3.15.1" in str(error)
            and "seed" not in error.message
        )


@pytest.mark.parametrize("who", ["worker", "chief"])
def test_one_that_does_not_come_is_named(who):
    if who == "worker":
        for error in meet([{}, {}], {}, timeout=1.5, count=3):
            assert isinstance(error, WorkError) and "workers did not connect within 1.5 s" in str(
                error
            )
        return
    addresses = tuple(free_addresses())
    with pytest.raises(WorkError, match="the chief, .*, did not answer within 0.5 s"):
        agree(WorkerGroup(addresses, 1), {}, {}, timeout=0.5)


def chief_of(addresses, results, facts=None):
    """Start a chief in a thread that appends its files or its error to `results`."""

    def meet_them():
        try:
            results.append(agree(WorkerGroup(addresses, 0), facts or {}, FILES, timeout=20))
        except (InputError, WorkError) as error:
            results.append(error)

    chief = threading.Thread(target=meet_them)
    chief.start()
    return chief


def call(address, words):
    """Connect as soon as the address accepts connections, send some bytes and stay connected."""
    host, port = address.split(":")
    while True:
        with contextlib.suppress(ConnectionRefusedError):
            caller = socket.create_connection((host, int(port)), timeout=20)
            caller.sendall(words)
            return caller


def hello(**changes):
    said = {"program": "keras_f2a", "index": 1, "workers": 2, "facts": {}} | changes
    return json.dumps(said).encode() + b"\n"


@pytest.mark.parametrize(
    "words",
    [
        b"",
        b"GET / HTTP/1.1\r\n\r\n",
        b"keras_f2a\n\0\0\0\0\0\0\0\2{}",
        b"[" * 200_000 + b"\n",
        b"x" * 3_000_000,
        b"\xff\xfe\n",
        b"[1, 2]\n",
        b"{}\n",
        hello(index=0),
        hello(index=2),
        hello(index=-1),
        hello(index="1"),
        hello(index=1.5),
        hello(index=True),
        hello(index=[1]),
        hello(index=None),
        hello(workers="2"),
        hello(facts=[]),
        hello(program="another"),
    ],
    ids=lambda words: repr(words[:70]),
)
def test_strangers_are_no_workers_and_in_nobodys_way(words, caplog):
    """Strangers stay connected, and a worker that connects later is still answered at once."""
    addresses, results = tuple(free_addresses()), []
    chief = chief_of(addresses, results)
    with contextlib.ExitStack() as stack:
        for _ in range(3):
            with contextlib.suppress(OSError):  # The chief hung up.
                stack.enter_context(call(addresses[0], words))
        begin = time.monotonic()
        results.append(agree(WorkerGroup(addresses, 1), {}, {}, timeout=20))
        assert time.monotonic() - begin < 5
        chief.join()
    assert results == [FILES, FILES]
    assert not caplog.records  # asyncio would log errors when a caller disconnects.


def test_a_worker_that_went_away_is_missed():
    addresses, results = tuple(free_addresses(3)), []
    chief = chief_of(addresses, results)
    call(addresses[0], hello(workers=3)).close()
    time.sleep(0.5)
    with ThreadPoolExecutor() as pool:
        groups = [WorkerGroup(addresses, index) for index in (1, 2)]
        found = list(pool.map(lambda group: agree(group, {}, {}, timeout=20), groups))
    chief.join()
    assert [*found, *results] == [FILES] * 3


def test_a_worker_of_another_group_is_named():
    addresses, results = tuple(free_addresses()), []
    chief = chief_of(addresses, results)
    others = (*addresses, "127.0.0.1:1")
    with pytest.raises(InputError, match="worker 1 of 3 called the chief of 2 workers"):
        agree(WorkerGroup(others, 1), {}, {}, timeout=20)
    chief.join()
    assert isinstance(results[0], InputError)


@pytest.mark.parametrize(
    "words", [b"HTTP/1.1 400\r\n", b"[]\n", hello(files={"a": -1}), b"[" * 10**5]
)
def test_a_stranger_at_the_chiefs_address_is_no_chief(words):
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"

        def answer():
            with contextlib.suppress(OSError):
                while True:
                    with server.accept()[0] as caller:
                        caller.recv(1000)
                        caller.sendall(words + b"\n")

        threading.Thread(target=answer, daemon=True).start()
        with pytest.raises(WorkError, match="the chief, .*, did not answer within 1 s"):
            agree(WorkerGroup((address, "127.0.0.1:1"), 1), {}, {}, timeout=1)
        server.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    "config",
    [
        None,
        "nonsense",
        "[]",
        "[" * 100_000,
        '{"cluster": {"worker": ["a:1"]}, "task": {"type": "worker", "index": 0.5}}',
        '{"cluster": {"worker": ["a:1"]}, "task": {"type": "worker", "index": Infinity}}',
        '{"cluster": {"worker": ["a:1"]}, "task": {"type": "worker", "index": true}}',
        '{"cluster": {"worker": ["a:1"]}, "task": ["worker", 0]}',
        '{"cluster": {"worker": "a:1"}, "task": {"type": "worker", "index": 0}}',
        '{"cluster": {"worker": [["a:1"]]}, "task": {"type": "worker", "index": 0}}',
        '{"cluster": {"worker": ["a:99999"]}, "task": {"type": "worker", "index": 0}}',
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
