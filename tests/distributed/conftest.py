import ipaddress
import os
import signal
from pathlib import Path

import numpy as np
import pytest
from PIL import Image


@pytest.fixture(scope="module")
def ray_here():
    """Run one Ray session for all tests of a module, because each start takes seconds."""
    from keras_f2a.distributed.ray_session import ray_session

    with ray_session(cpus=2):
        yield


@pytest.fixture
def archive(tmp_path):
    """Write 24 photographs in three formats into two folders."""
    write_photos(tmp_path / "in" / "1999" / "summer", range(16))
    write_photos(tmp_path / "in", range(16, 24), ("png", "webp"))
    return tmp_path / "in"


def write_photos(folder, numbers, suffixes=("jpg",), size=(160, 120)):
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        pixels = np.random.default_rng(number).integers(0, 256, (6, 8, 3), dtype=np.uint8)
        suffix = suffixes[number % len(suffixes)]
        Image.fromarray(pixels).resize(size).save(folder / f"{number}.{suffix}")


def contents(folder):
    """Return the bytes of each file below a folder by its name, without the report."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "failures.csv"
    }


def finished(folder):
    """Return the number of photographs of the archive below a folder that is being written."""
    return sum(not path.name.startswith(".") for path in folder.rglob("*.jpg"))


def descendants(process, marked):
    """Return a process's descendants whose command line contains a mark, as Ray's workers' do."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = []
    for candidate in parents:
        above = parents[candidate]
        while above in parents and above != process:
            above = parents[above]
        try:
            line = Path(f"/proc/{candidate}/cmdline").read_bytes()
        except OSError:
            continue
        if above == process and marked.encode() in line:
            found.append(candidate)
    return found


def kill(process):
    os.kill(process, signal.SIGKILL)


def children_of(process):
    """Return all descendants of a process."""
    return descendants(process, "")


def listening_addresses(processes):
    """Return the addresses at which processes listen, according to the kernel."""
    sockets = {}
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A":
                raw = bytes.fromhex(fields[1].partition(":")[0])
                words = b"".join(raw[i : i + 4][::-1] for i in range(0, len(raw), 4))
                address = ipaddress.ip_address(words)
                mapped = getattr(address, "ipv4_mapped", None)
                sockets[f"socket:[{fields[9]}]"] = str(mapped or address)
    found = set()
    for process in processes:
        try:
            for entry in Path(f"/proc/{process}/fd").iterdir():
                found.add(sockets.get(os.readlink(entry)))  # noqa: PTH115
        except OSError:
            continue
    return found - {None}
