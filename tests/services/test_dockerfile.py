"""The commands of the `Dockerfile` work for an unprivileged user."""

import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

import pytest

from tests.fresh_environment import (
    build_wheel,
    environment,
    link_packages,
    needed,
    requirements_of,
)

ROOT = Path(__file__).parents[2]
NOBODY = 65534


def instructions():
    """Return (name, text) of each instruction of the file, with continued lines joined."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    return [(line.split(None, 1)[0], line.split(None, 1)[1].strip()) for line in lines if line]


def last(name):
    return [text for found, text in instructions() if found == name][-1]


def test_the_image_is_small_and_its_user_has_no_rights():
    stages = [text for name, text in instructions() if name == "FROM"]
    assert all(re.fullmatch(r"python:3\.\d+(-slim)?( AS \w+)?", stage) for stage in stages)
    assert stages[-1].endswith("-slim")
    assert last("USER").isdecimal() and last("USER") != "0"
    final = instructions()[[text for _, text in instructions()].index(stages[-1]) :]
    assert {name for name, _ in final} >= {"USER", "ENTRYPOINT", "CMD", "HEALTHCHECK", "EXPOSE"}
    assert not any("apt-get" in text or "COPY . " in text for _, text in final)
    command = json.loads(last("CMD"))
    assert command[-1] == last("EXPOSE")
    assert f"127.0.0.1:{last('EXPOSE')}/healthz" in last("HEALTHCHECK")


def test_only_the_service_is_asked_for_its_health():
    """The page's other commands listen on no port, so a health check would always fail."""
    page = (ROOT / "docs" / "service.md").read_text(encoding="utf-8").replace("\\\n", " ")
    runs = re.findall(r"^docker run (.*) keras_f2a\b(.*)$", page, flags=re.MULTILINE)
    assert len(runs) == 2
    for options, command in runs:
        assert ("--no-healthcheck" in options) == (command.split()[:1] not in ([], ["serve"]))
        assert "--port" not in command


def another_user():
    """Return process options for an unprivileged user, and an interpreter that this user can run.

    A process that is not root keeps its own user.
    """
    if os.geteuid() != 0:
        return {}, sys.executable
    user = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/bin/python{version}"):
        try:
            subprocess.run([python, "-c", ""], cwd="/", check=True, **user)
            return user, python
        except (OSError, subprocess.CalledProcessError):
            continue
    pytest.skip("no Python that another user may run")


@pytest.fixture
def installed():
    """Yield an environment, readable by all users, with the wheel and the image's extras."""
    user, python = another_user()
    install = next(text for name, text in instructions() if name == "RUN" and "pip install" in text)
    extras = re.search(r"\.whl\)\[([\w,]+)\]", install)[1].split(",")
    assert extras == ["server", "heic"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        for inner in ("sources", "wheels", "tmp"):
            (folder / inner).mkdir()
        (folder / "tmp").chmod(0o777)
        wheel = build_wheel(folder / "sources", folder / "wheels")
        packages = environment(folder / "env", wheel, python)
        link_packages(packages, needed(requirements_of(wheel, extras)))
        yield folder, user


def test_entry_point_and_health_check_run_without_rights(installed):
    folder, user = installed
    variables = {
        "PATH": f"{folder / 'env' / 'bin'}:/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
        "TMPDIR": str(folder / "tmp"),
    }
    command = json.loads(last("ENTRYPOINT")) + json.loads(last("CMD"))
    command[0] = str(folder / "env" / "bin" / command[0])
    host, port = command.index("--host") + 1, command.index("--port") + 1
    command[host], command[port] = "127.0.0.1", "0"
    check = json.loads(re.search(r"CMD (\[.*\])", last("HEALTHCHECK"))[1])
    check[0] = str(folder / "env" / "bin" / check[0])
    service = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=variables, cwd="/", **user
    )
    try:
        found = re.search(r":(\d+) ", service.stdout.readline())
        check[-1] = check[-1].replace(f":{last('EXPOSE')}/", f":{found[1]}/")
        subprocess.run(check, env=variables, check=True, timeout=60, cwd="/", **user)
        photograph = (ROOT / "docs" / "before_after.jpg").read_bytes()
        with urllib.request.urlopen(f"http://127.0.0.1:{found[1]}/correct", photograph) as answer:
            assert answer.status == 200
            assert answer.read(3) == b"\xff\xd8\xff"
        service.terminate()
        assert service.wait(60) == 0
        ended = subprocess.run(check, env=variables, capture_output=True, check=False, **user)
        assert ended.returncode != 0
    finally:
        service.kill()
        service.wait()
        service.stdout.close()
    assert not list((folder / "tmp").iterdir())
