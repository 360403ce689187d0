"""The exported SavedModel runs in another server: TensorFlow's Java runtime from Maven Central."""

import platform
from pathlib import Path

import pytest
import tensorflow as tf

from android_demo.toolchain import toolchain
from tests.export.photographs import photograph
from tests.system_packages import require_program, skip_or_fail

PROGRAM = Path(__file__).parent / "java/ServeModel.java"
ERROR = "error.txt"


def requests():
    """Return 16 batches of photographs by name, as many as are in flight at the same time."""
    png = [photograph((20 + 9 * i, 70 - 8 * i), "PNG") for i in range(4)]
    jpeg = [photograph((80 - 7 * i, 30 + 11 * i), "JPEG") for i in range(4)]
    odd = [
        photograph((33, 20), "PNG", "L"),
        photograph((20, 30), "PNG", "RGBA"),
        photograph((17, 16), "JPEG", "L"),
        photograph((48, 64), "JPEG", progressive=True),
    ]
    half_jpeg, half_png = jpeg[0][: len(jpeg[0]) // 2], png[0][: len(png[0]) // 2]
    return {
        "a PNG": png[:1],
        "a JPEG": jpeg[:1],
        "PNG of several sizes": png,
        "JPEG of several sizes": jpeg,
        "both kinds": [png[1], jpeg[1], png[2], jpeg[2]],
        "the same twice": [jpeg[3], jpeg[3]],
        "gray, alpha, progressive": odd,
        "all": [*png, *jpeg, *odd],
        "all, from the last on": [*odd[::-1], *jpeg[::-1], *png[::-1]],
        "the smallest": [photograph((1, 1), "PNG"), photograph((1, 1), "JPEG")],
        "the largest": [photograph((100, 100), "JPEG"), photograph((10, 1000), "PNG")],
        "half a JPEG": [png[0], half_jpeg, jpeg[1]],
        "half a PNG": [jpeg[0], jpeg[1], half_png],
        "text": [b"not a photograph", png[0]],
        "nothing": [png[0], b""],
        "too large": [jpeg[0], png[0], jpeg[1], photograph((101, 100), "PNG")],
    }


DAMAGED = {
    "half a JPEG": "image_bytes: item 1 is damaged",
    "half a PNG": "image_bytes: item 2 is damaged",
    "text": "image_bytes: item 0 is neither a JPEG nor a PNG file",
    "nothing": "image_bytes: item 1 is neither a JPEG nor a PNG file",
    "too large": "image_bytes: item 3 is larger than 10000 pixels",
}


@pytest.fixture(scope="module")
def replies(model_folder, tmp_path_factory):
    """Return the folder of Java's replies, both one after another and all at the same time."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        pytest.skip("the library that is fetched is for Linux on x86-64")
    require_program("javac", "openjdk-17-jdk-headless")
    require_program("mvn", "maven")
    try:
        jars = toolchain.classpath("tensorflow", PROGRAM.with_name("pom.xml"))
    except toolchain.FetchError as error:
        skip_or_fail(str(error))
    folder = tmp_path_factory.mktemp("java")
    for name, files in requests().items():
        (folder / "requests" / name).mkdir(parents=True)
        for i, content in enumerate(files):
            (folder / "requests" / name / f"{i:02}").write_bytes(content)
    # Unpack the library (650 MB) here instead of in the user's folder.
    cache = f"-Dorg.bytedeco.javacpp.cachedir={toolchain.BUILD / 'javacpp'}"
    command = [*toolchain.java(jars), cache, PROGRAM, model_folder]
    toolchain.run([*command, folder / "requests", folder / "replies"])
    return folder / "replies"


def reply(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("name", requests())
def test_java_answers_as_python_does(signatures, replies, name):
    found = reply(replies / "serial" / name)
    try:
        expected = signatures["serving_default"](image_bytes=tf.constant(requests()[name]))
    except tf.errors.InvalidArgumentError as error:
        assert list(found) == [ERROR]
        assert DAMAGED[name] in error.message
        assert DAMAGED[name] in found[ERROR].decode()
    else:
        assert name not in DAMAGED
        expected = expected["ambient_bytes"].numpy()
        assert found == {f"{i:02}": file for i, file in enumerate(expected)}


def test_16_calls_at_once_are_answered_as_one_after_the_other(replies):
    assert len(requests()) == 16
    for name in requests():
        assert reply(replies / "at_once" / name) == reply(replies / "serial" / name)
