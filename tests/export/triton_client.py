"""Triton's client library in a separate folder, because its pins conflict with TensorFlow's."""

import subprocess
import sys
from pathlib import Path

from android_demo.toolchain import toolchain
from android_demo.toolchain.kept_output import make
from tests.system_packages import skip_or_fail

_PACKAGE = "tritonclient[grpc,http]==2.73.0"


def run_with_triton(program: Path, *arguments: object) -> str:
    """Run a program that may import `tritonclient` and return what it prints."""

    def install(folder: Path) -> None:
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", folder, _PACKAGE]
        toolchain.run(command)

    try:
        folder = make(toolchain.BUILD / "tritonclient", [_PACKAGE], install)
    except toolchain.ToolchainError as error:
        skip_or_fail(f"{_PACKAGE}: {error}")
    command = [sys.executable, "-S", "-c", _START, folder, program, *arguments]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


# Only the client and its dependencies are importable, nothing of this environment.
_START = """
import runpy, sys
sys.path.insert(0, sys.argv[1])
sys.argv = sys.argv[2:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
