"""The app itself, started on a JVM: see `android_demo/launch/`."""

import re
from pathlib import Path

import pytest

from android_demo.launch import launch
from android_demo.verified_build.build import FRAMEWORK_RESOURCES
from keras_f2a.generator_files import pretrained_file
from tests.android.jvm import require_tools
from tests.export.make_golden import MODEL as GOLDEN_MODEL
from tests.system_packages import require_file, require_program

SHIPPED = Path(pretrained_file("int8.tflite"))
MODEL = SHIPPED if SHIPPED.is_file() else GOLDEN_MODEL
PROFILES = ("framework", "runtime", "jvm", "test", "launch", *launch.ANDROIDS)


@pytest.fixture(scope="module")
def results():
    for program, package in {"javac": "openjdk-17-jdk-headless", "aapt2": "aapt"}.items():
        require_program(program, package)
    require_file(FRAMEWORK_RESOURCES, "android-framework-res")
    require_tools(*PROFILES)
    return launch.launch(MODEL)


def test_every_launch_went_well(results):
    report = (results / launch.REPORT).read_text()
    print(report)
    tests = sum(file.read_text().count("@Test") for file in launch.TESTS.rglob("*Test.kt"))
    assert int(re.search(r"OK \((\d+) tests\)", report)[1]) >= tests
