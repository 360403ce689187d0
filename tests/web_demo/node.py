"""Runs the web demo's own tools: npm, the type checker, Vitest and Vite."""

import fcntl
import os
import subprocess
from pathlib import Path

from tests.system_packages import require_program, skip_or_fail

DEMO = Path(__file__).parents[2] / "web_demo"
STAMP = DEMO / "node_modules/.installed-for-tests"


def install():
    """Install the packages of the lock file unless they are already installed."""
    npm = require_program("npm", "npm")
    lock = DEMO / "package-lock.json"
    with (DEMO / ".npmrc").open() as once_at_a_time:
        fcntl.flock(once_at_a_time, fcntl.LOCK_EX)
        if STAMP.is_file() and STAMP.read_bytes() == lock.read_bytes():
            return
        done = subprocess.run(
            [npm, "ci", "--no-audit", "--no-fund"], cwd=DEMO, capture_output=True, text=True
        )
        if done.returncode != 0:
            skip_or_fail(f"npm cannot fetch the web demo's packages: {done.stderr[-300:]}")
        STAMP.write_bytes(lock.read_bytes())


def run(*arguments, **environment):
    """Run `npx ARGUMENTS` in the demo and fail with its output unless it succeeds."""
    return _run([require_program("npx", "npm"), "--no-install", *map(str, arguments)], environment)


def run_script(name):
    """Run `npm run NAME` in the demo and fail with its output unless it succeeds."""
    return _run([require_program("npm", "npm"), "run", name], {})


def run_code(code):
    """Run the source of a module with Node.js in the demo, with the same check."""
    return _run([require_program("node", "nodejs"), "--input-type=module", "-e", code], {})


def _run(command, environment):
    done = subprocess.run(
        command,
        cwd=DEMO,
        env=os.environ | {name: str(value) for name, value in environment.items()},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-8000:]}"
    print(done.stdout)
    return done.stdout
