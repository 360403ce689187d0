"""TensorFlow Lite's own Java reader reads the standard metadata of the `.tflite` files."""

import re
import shutil
from pathlib import Path

import pytest
from keras_f2a.export import ExportSettings, export_generator, read_metadata
from keras_f2a.export.settings import ImageSize

from android_demo.toolchain import toolchain
from keras_f2a.model_files.bundled import GENERATOR, WEIGHTS, pretrained_file
from keras_f2a.model_files.card import check_digest, read_card
from tests.system_packages import require_program, skip_or_fail

PROGRAM = Path(__file__).parent / "java/ReadMetadata.java"


@pytest.fixture(scope="module")
def read():
    """Return a function that reads a file's metadata on the JVM."""
    require_program("javac", "openjdk-17-jdk-headless")
    require_program("mvn", "maven")
    try:
        jars = toolchain.classpath("metadata", PROGRAM.with_name("pom.xml"))
    except toolchain.FetchError as error:
        skip_or_fail(str(error))

    def run(path):
        lines = toolchain.run([*toolchain.java(jars), PROGRAM, path]).splitlines()
        return dict(line.split("=", 1) for line in lines)

    return run


def tensor(side, name, width, height):
    return {
        f"{side}.name": name,
        f"{side}.content": "2",  # an image
        f"{side}.color": "1",  # RGB
        f"{side}.size": f"{width}x{height}",
        f"{side}.units": "1",
        f"{side}.unit": "1",  # normalization
        f"{side}.mean": "0.0",
        f"{side}.std": "255.0",
        f"{side}.range": "0.0 to 1.0",
    }


def test_a_file_of_a_users_generator(exported, read):
    path = exported.file("int8")
    found = read(path)
    expected = {
        "current": "true",
        "name": "flash_to_ambient",
        "version": "3",
        "author": "null",
        "license": "null",
        "inputs": "1",
        "outputs": "1",
        **tensor("input", "flash", 64, 48),
        **tensor("output", "ambient", 64, 48),
    }
    assert found.items() >= expected.items()
    # The file also has our own metadata.
    assert read_metadata(path)["name"] == "flash_to_ambient"


@pytest.mark.parametrize(
    "file", sorted(WEIGHTS.glob(f"{GENERATOR}_*.tflite")), ids=lambda it: it.stem
)
def test_the_files_that_the_package_carries(read, file):
    found = read(file)
    width, height = re.search(r"_(\d+)x(\d+)_", file.stem).groups()
    expected = {
        "name": GENERATOR,
        "author": "the keras_f2a developers",
        "license": "Apache-2.0",
        **tensor("input", "flash", width, height),
        **tensor("output", "ambient", width, height),
    }
    assert found.items() >= expected.items()
    check_digest(file, read_card(file))


@pytest.mark.parametrize("model", ["ours", "theirs"])
def test_author_license_and_description(read, tmp_path, model):
    file, about = pretrained_file("keras"), None
    if model == "theirs":
        file = shutil.copy(file, tmp_path / "generator.keras")
        about = tmp_path / "about.toml"
        text = 'author = "Zoë"\nlicense = "CC0-1.0"\ndescription = "Lights\\nrooms"\n'
        about.write_text(text, encoding="utf-8-sig")  # As Notepad on Windows may write it.
    settings = ExportSettings(
        str(file),
        str(tmp_path / "out"),
        ("float32",),
        sizes=(ImageSize(32, 48),),
        about=about and str(about),
    )
    [_, row] = export_generator(settings).rows
    found = read(tmp_path / "out" / row.name)
    if model == "ours":
        assert found["author"] == "the keras_f2a developers"
        assert found["license"] == "Apache-2.0"
        assert found["description"].startswith("Turns a flash photograph toward ambient light")
    else:
        assert (found["author"], found["license"]) == ("Zoë", "CC0-1.0")
        assert found["description"] == "Lights rooms"
