"""Ray on this machine: nobody else can connect, errors are one line, and nothing is left over."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from keras_f2a.support.errors import InputError
from tests.distributed.conftest import (
    children_of,
    descendants,
    listening_addresses,
    write_photos,
)

_PATIENCE = 300  # seconds, because Ray takes minutes to start on a busy machine
SESSION = (
    "import sys; from keras_f2a.distributed.ray_session import ray_session, ray\n"
    "with ray_session(cpus=1):\n"
    "    ray.get(ray.remote(lambda: 1).remote()); print('runs', flush=True); sys.stdin.read()"
)
TWICE = (
    "import os; from keras_f2a.distributed import ray_session\n"
    "from keras_f2a.support.errors import InputError\n"
    "for name in ('MODE', 'TOKEN', 'TOKEN_PATH'): os.environ.pop(f'RAY_AUTH_{name}', None)\n"
    "os.environ['HOME'] = '/nowhere'\n"
    "for _ in range(2):\n"
    "    before = dict(os.environ)\n"
    "    with ray_session.ray_session(cpus=1):\n"
    "        token = os.environ['RAY_AUTH_TOKEN']\n"
    "        ray = ray_session.ray\n"
    "        assert ray.get(ray.remote(os.getenv).remote('RAY_AUTH_TOKEN')) == token\n"
    "    print('ran')\n"
    "    new = os.environ.keys() - before.keys()\n"
    "    assert not {name for name in new if 'AUTH' in name}, new\n"
    "ray_session._resolve_address = lambda address: address\n"
    "try:\n"
    "    ray_session.ray_session('10.0.0.1').__enter__()\n"
    "except InputError as error: print(error)\n"
)


def test_every_process_listens_on_this_machine_alone_and_ends_with_the_command():
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", SESSION], **pipes) as process:
        assert process.stdout.readline() == b"runs\n"
        family = children_of(process.pid)
        addresses = listening_addresses([process.pid, *family])
        assert len(family) >= 3
        assert addresses and addresses <= {"127.0.0.1", "::1"}
        folders = set(Path("/tmp").glob("keras_f2a-*/session_*"))
        assert folders
        process.stdin.close()
        process.wait(timeout=_PATIENCE)
        left = [pid for pid in family if Path(f"/proc/{pid}").exists()]
        assert not left
        assert not any(folder.exists() for folder in folders if str(process.pid) in folder.name)


def test_ray_starts_though_its_agents_take_long_to_import(tmp_path):
    """The imports take 20 seconds, as on a busy machine. Ray alone gives up after 15 seconds."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys, time\n"
        "if any('dashboard/agent.py' in argument for argument in sys.orig_argv):\n"
        "    time.sleep(20)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", SESSION], capture_output=True, text=True, env=environment, input=""
    )
    assert (done.stdout, done.returncode) == ("runs\n", 0), done.stderr


def test_sigterm_while_ray_starts_is_one_line(tmp_path):
    write_photos(tmp_path / "in", [1])
    command = [sys.executable, "-m", "keras_f2a.cluster", "correct", str(tmp_path / "in")]
    command += ["--output", str(tmp_path / "out"), "--workers", "1"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not descendants(process.pid, "gcs_server"):
        assert process.poll() is None
        time.sleep(0.05)
    family = children_of(process.pid)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=_PATIENCE)
    assert process.returncode == 1 and errors.count("\n") == 1, errors
    assert "stopped by SIGTERM" in errors
    assert not [pid for pid in family if Path(f"/proc/{pid}").exists()]


def test_a_silent_address_is_no_cluster(monkeypatch):
    from keras_f2a.distributed import ray_session

    monkeypatch.setattr(ray_session, "_CONNECT_TIMEOUT", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        message = f"address={address}: no Ray cluster answers .*did not answer within 1 s"
        with pytest.raises(InputError, match=message), ray_session.ray_session(address):
            pass


def test_a_cluster_without_a_token_is_not_used(monkeypatch, tmp_path):
    from keras_f2a.distributed import ray_session

    for name in ("RAY_AUTH_MODE", "RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(ray_session, "_resolve_address", lambda address: address)
    monkeypatch.setattr(ray_session, "_start", lambda *_: pytest.fail("started"))
    message = "address=10.0.0.1: a cluster needs Ray's token"
    with pytest.raises(InputError, match=message), ray_session.ray_session("10.0.0.1"):
        pass


def test_a_session_leaves_the_environment_as_it_was():
    """Otherwise its token would pass for the user's own. Two sessions can follow each other."""
    done = subprocess.run([sys.executable, "-c", TWICE], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:2] == ["ran", "ran"]
    assert "a cluster needs Ray's token" in done.stdout


def test_a_start_that_fails_is_one_line(monkeypatch):
    from keras_f2a.distributed import ray_session
    from keras_f2a.support.errors import WorkError

    def fail(**_):
        raise Exception("The current node timed out during startup.\nlogs: …")

    monkeypatch.setattr(ray_session.ray, "init", fail)
    message = "Ray does not start on this machine .The current node timed out"
    with pytest.raises(WorkError, match=message) as caught, ray_session.ray_session():
        pass
    assert "\n" not in str(caught.value)
