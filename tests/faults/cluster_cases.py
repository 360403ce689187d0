"""Archives and runs of many workers: output locations, listings, and unexpected connections."""

import json
import os
import random
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from keras_f2a.correction.photo_task import result_name
from keras_f2a.runs.workers.group import WorkerGroup
from keras_f2a.runs.workers.meeting import agree
from tests.faults.photographs import write_photograph
from tests.faults.verdict import DIFFERENCE, Fault, faults_of_ending, faults_of_files
from tests.faults.workshop import Case

CLUSTER = "keras_f2a.cluster"
_DIFFERENT = 3  # exit code of a function that found a wrong result


def archive_targets(case: Case) -> list[Fault]:
    """Check that `cluster correct` refuses an output that is unusable or among the sources."""
    folder = case.folder / "photos"
    (folder / "inner").mkdir(parents=True)
    photo = write_photograph(folder / "photo.png", case.rng, size=(48, 36))
    (case.folder / "link").symlink_to(folder)
    before = photo.read_bytes()
    source, output = _spelled(folder, case), str(_bad_output(folder, case))
    ended = case.processes.command(CLUSTER, "correct", source, "--output", output)
    faults = faults_of_ending(ended, (2,))
    files = [path for path in case.folder.rglob("*") if path.is_file()]
    if files != [photo] or photo.read_bytes() != before:
        faults.append(Fault(DIFFERENCE, f"files were written: {files}"))
    return faults


def _spelled(place: Path, case: Case) -> str:
    """Return one of several spellings of a folder's path or URL."""
    inner = place.relative_to(case.folder / "photos")
    kinds = (
        f"{place}",
        f"{place}/",
        f"file://{place}",
        f"local://{place}",
        f"{case.folder / 'link' / inner}",
        f"file://{place.parent}//./{place.name}/../{place.name}",
    )
    return kinds[case.rng.integers(len(kinds))]


def _bad_output(folder: Path, case: Case) -> str:
    if case.rng.random() < 0.5:
        return _spelled((folder, folder / "inner", folder / "new")[case.rng.integers(3)], case)
    schemes = ("s3", "gs", "memory", "file", "local", "sftp", "nosuch", "")
    scheme = schemes[case.rng.integers(len(schemes))]
    places = ("", "/", "//", "///") if scheme not in ("nosuch", "") else ("", "/", "a/b", "\n")
    return f"{scheme}://{places[case.rng.integers(len(places))]}"


def listed_names(case: Case) -> list[Fault]:
    """Check that any name in an object store is corrected once, reported or skipped."""
    return _apart(case, _plan_names, int(case.rng.integers(2**31)))


def _plan_names(seed: int):
    from keras_f2a.distributed.archive_plan import Source, plan_archive

    rng = random.Random(seed)
    pieces = ("a", "b", "..", ".", "", "é", "x\ny", "\0", "c.jpg", "C.JPG", "d.heic", "@eaDir")
    suffixes = (".jpg", ".png", ".heic", ".dng", ".txt", ".JPG", "")
    names = {
        "/".join(rng.choices(pieces, k=rng.randint(1, 3))) + rng.choice(suffixes) for _ in range(40)
    }
    there = {result_name(name) for name in names if rng.random() < 0.2}
    listings = [(sorted(names), []), (sorted(there), [])]
    plan = plan_archive([Source("s3://b/in")], "s3://b/out", list_folders=lambda _: listings)
    (left,) = plan.names
    targets = [result_name(name) for name in left]
    assert len(targets) == len(set(targets)), "two photographs have one result"
    assert not set(left) - names, "a name was made up"
    assert not set(targets) & there, "a result that is there is made again"
    outside = [t for t in targets if os.path.normpath(t) != t or t.startswith(("/", ".."))]
    assert not outside, f"{outside} would lie elsewhere on a disk"
    told = {path.removeprefix("s3://b/in/") for path, _ in plan.failures}
    assert not told & set(left), "a photograph is both corrected and refused"


def strange_callers(case: Case) -> list[Fault]:
    """Check that strangers who connect to the chief are not workers and delay no worker."""
    return _apart(case, _meet_among_strangers, int(case.rng.integers(2**31)))


def _meet_among_strangers(seed: int):
    rng = random.Random(seed)
    files = {"last.keras": rng.randbytes(100_000)}
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
    addresses = (f"127.0.0.1:{port}", "127.0.0.1:1", "127.0.0.1:2")
    words = [_words(rng) for _ in range(rng.randint(1, 6))]
    begin = time.monotonic()
    with ThreadPoolExecutor(len(addresses) + len(words)) as pool:
        chief = pool.submit(agree, WorkerGroup(addresses, 0), {"seed": 1}, files, timeout=60)
        strangers = [pool.submit(_call, port, said, chief.done) for said in words]
        time.sleep(rng.random())
        workers = [
            pool.submit(agree, WorkerGroup(addresses, i), {"seed": 1}, {}, timeout=60)
            for i in (1, 2)
        ]
        found = [one.result() for one in (chief, *workers)]
        for stranger in strangers:
            stranger.result()
    assert found == [files] * 3, "a worker has other files than the chief"
    assert time.monotonic() - begin < 30, "strangers delay the meeting"


def _words(rng: random.Random) -> bytes:
    hello = {"program": "keras_f2a", "index": 1, "workers": 3, "facts": {"seed": 1}}
    wrong = (None, -1, 0, 3, 1.5, True, "1", [1], {}, 10**400)
    kinds: tuple[Callable[[], bytes], ...] = (
        lambda: b"",
        lambda: rng.randbytes(rng.randint(1, 10_000)) + b"\n",
        lambda: b"GET / HTTP/1.1\r\n\r\n",
        lambda: b"[" * rng.choice((10, 100_000)) + b"\n",
        lambda: b"x" * 3_000_000,
        lambda: json.dumps([hello]).encode() + b"\n",
        lambda: json.dumps(hello | {"program": "other"}).encode() + b"\n",
        lambda: json.dumps(hello | {"index": rng.choice(wrong)}).encode() + b"\n",
        lambda: json.dumps(hello | {"facts": rng.choice((None, [], 1))}).encode() + b"\n",
    )
    return rng.choice(kinds)()


def _call(port: int, words: bytes, done: Callable[[], bool]):
    """Connect once the port accepts connections, send the bytes, and stay until `done()`."""
    while not done():
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as caller:
            caller.sendall(words)
            while not done():
                time.sleep(0.05)
        time.sleep(0.02)


def silent_addresses(case: Case) -> list[Fault]:
    """Check that a wrong server, or none, at a cluster's address is one error line."""
    answers = (None, b"", b"HTTP/1.1 200 OK\r\n\r\n", case.rng.bytes(100))
    answer = answers[case.rng.integers(len(answers))]
    photo = write_photograph(case.folder / "photo.png", case.rng, size=(48, 36))
    hangs_up = case.rng.random() < 0.5
    with _listening(answer, hangs_up) as address:
        ended = case.processes.command(
            CLUSTER, "correct", photo, "--output", case.output, "--address", address
        )
    return faults_of_ending(ended, (2,)) + faults_of_files(case.output, {})


@contextmanager
def _listening(answer: bytes | None, hangs_up: bool):
    """Yield an address where a server sends this answer, or where nobody listens for `None`."""
    server = socket.create_server(("127.0.0.1", 0))
    host, port = server.getsockname()
    callers = []

    def serve():
        with suppress(OSError):
            while True:
                caller, _ = server.accept()
                callers.append(caller)
                if answer:
                    caller.sendall(answer)
                if hangs_up:
                    caller.close()

    if answer is None:
        server.close()
    else:
        threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"{host}:{port}"
    finally:
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        server.close()
        for caller in callers:
            caller.close()


def _apart(case: Case, check: Callable[[int], None], seed: int) -> list[Fault]:
    """Run a check in a separate process."""
    ended = case.processes.function(_checked, check, seed)
    if ended.code == _DIFFERENT:
        return [Fault(DIFFERENCE, ended.output.strip())]
    return faults_of_ending(ended, (0,))


def _checked(check: Callable[[int], None], seed: int):
    try:
        check(seed)
    except AssertionError as error:
        print(error)
        raise SystemExit(_DIFFERENT) from None


CLASSES = (archive_targets, listed_names, strange_callers, silent_addresses)
