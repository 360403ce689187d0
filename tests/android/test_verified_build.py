"""Contents of the app's package when it is compiled, packed and signed without Gradle."""

import dataclasses
import hashlib
import zipfile
from pathlib import Path

import pytest

from android_demo.toolchain.toolchain import ToolchainError
from android_demo.verified_build import build, checks
from android_demo.verified_build.project import read_app
from keras_f2a.model_files.bundled import pretrained_file
from tests.android.jvm import require_tools
from tests.export.make_golden import MODEL as GOLDEN_MODEL
from tests.system_packages import require_file, require_program

PROFILES = ("framework", "runtime", "shrinker", "dexer")
PROGRAMS = {
    "javac": "openjdk-17-jdk-headless",
    "aapt": "aapt",
    "aapt2": "aapt",
    "zipalign": "zipalign",
    "apksigner": "apksigner",
    "dexdump": "dexdump",
}
MODEL_ASSET = "assets/model.tflite"
SHIPPED = Path(pretrained_file("int8.tflite"))
MODEL = SHIPPED if SHIPPED.is_file() else GOLDEN_MODEL


@pytest.fixture(scope="module")
def apk():
    for program, package in PROGRAMS.items():
        require_program(program, package)
    require_file(build.FRAMEWORK_RESOURCES, "android-framework-res")
    require_tools(*PROFILES)
    return build.build_apk(MODEL)


@pytest.fixture(scope="module")
def facts(apk):
    return checks.read_facts(apk)


def problems(facts):
    networks = {
        name: hashlib.sha256(source.read_bytes()).hexdigest()
        for name, source in build.packed_assets(MODEL).items()
    }
    return checks.shortcomings(facts, read_app(), networks)


def test_the_package_is_what_project_and_export_say(facts, record_property):
    assert problems(facts) == []
    packed = {f"assets/{name}.tflite" for name in ("model", "sibling", "faces")}
    assert set(facts.networks) == packed
    assert facts.languages == {"", "es"}
    record_property("bytes of the package", facts.size)
    print(f"{facts.size:,} bytes, of them {facts.sizes['classes.dex']:,} code, compressed")


def test_what_native_code_and_manifest_name_is_not_shrunk_away(apk):
    classes = build.run(["dexdump", "-l", "plain", apk])
    for name in (
        "org/kerasf2a/demo/MainActivity",
        "org/kerasf2a/demo/DemoApplication",
        "org/kerasf2a/demo/screen/BeforeAfterView",
        "org/kerasf2a/core/Corrector",
        "org/kerasf2a/core/BlazeFace",
        "org/tensorflow/lite/NativeInterpreterWrapper",
        "org/tensorflow/lite/gpu/GpuDelegate",
    ):
        assert f"'L{name};'" in classes, name


def test_an_unchanged_app_is_not_built_again(apk, monkeypatch):
    monkeypatch.setattr(build, "_build", lambda *_: pytest.fail("built again"))
    assert build.build_apk(MODEL) == apk


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"permissions": frozenset({"android.permission.INTERNET"})}, "INTERNET"),
        ({"signatures": frozenset({1, 2})}, "schemes [1, 2]"),
        ({"processors": frozenset({"x86_64"})}, "arm64-v8a"),
        ({"networks": {"assets/model.tflite": "0"}}, "networks is {'assets/model.tflite': '0'}"),
        ({"unmappable_networks": ("assets/faces.tflite",)}, "assets/faces.tflite"),
        ({"lambdas": 1}, "lambdas is 1"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_is_wrong_is_said(facts, change, words):
    (problem,) = problems(dataclasses.replace(facts, **change))
    assert words in problem


def test_a_changed_package_is_refused(apk, tmp_path):
    changed = tmp_path / "changed.apk"
    content = bytearray(apk.read_bytes())
    content[content.index(b"TFL3")] ^= 1
    changed.write_bytes(content)
    with pytest.raises(ToolchainError, match="apksigner"):
        checks.read_facts(changed)


def test_a_compressed_model_is_not_mappable(apk, tmp_path):
    packed = tmp_path / "compressed.apk"
    with zipfile.ZipFile(apk) as source, zipfile.ZipFile(packed, "w") as target:
        content = source.read(MODEL_ASSET)
        target.writestr(MODEL_ASSET, content, zipfile.ZIP_DEFLATED)
        entry = target.getinfo(MODEL_ASSET)
    assert not checks._is_mappable(packed, entry, 4)
