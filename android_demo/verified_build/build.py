"""Compile, pack, align and sign the app without Gradle, from the same files as Gradle."""

import hashlib
import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path

from keras_f2a.export.android import ASSETS, app_assets

from android_demo.toolchain import toolchain
from android_demo.toolchain.kept_output import make
from android_demo.toolchain.toolchain import BUILD, run
from android_demo.verified_build import project

OUTPUT = BUILD / "verified"
APK = OUTPUT / "flash-to-ambient.apk"
# Defines the attributes that resources use: Android 10's, the newest in Debian.
FRAMEWORK_RESOURCES = Path("/usr/share/android-framework-res/framework-res.apk")
PACKED_ASSETS = "assets"
_OWN_FILES = (project.MANIFEST, project.PROGUARD_RULES, project.APP / "build.gradle.kts")
_KEY_OPTIONS = ("-storepass", "android", "-keypass", "android", "-alias", "debug")


def build_apk(model: Path) -> Path:
    """Build the app around a model. Do nothing if neither has changed.

    Args:
        model: The `.tflite` file to pack as an asset, with its companion files.

    Returns:
        The signed package, build/verified/flash-to-ambient.apk.

    Raises:
        toolchain.ToolchainError: A step failed; the message contains the tool's output.
    """
    sources = [*_OWN_FILES, *project.resource_files(), *project.SOURCES.rglob("*.kt")]
    sources += Path(__file__).parent.glob("*.py")
    made_from = [f"{file} {_digest(file)}" for file in sorted(sources)]
    made_from += _digests_of_assets(model)
    return make(APK, made_from, lambda apk: _build(model, apk))


def compiled_app() -> list[Path]:
    """Compile core and app against the real classes of runtime and framework.

    Returns:
        The folders of the app's own classes, without libraries.
    """
    resources = _classes_of_resources()
    core = toolchain.compiled_core()
    libraries = [resources, core, *toolchain.classpath("kotlin"), *runtime_classes()]
    libraries += toolchain.classpath("framework")
    sources = [project.SOURCES / "org/kerasf2a/demo"]
    # Android has the classes of Java 8, which the framework's jar does not include.
    options = [*toolchain.KOTLIN_OPTIONS, "-Xjdk-release=8"]
    return [toolchain.compile_kotlin("app", sources, libraries, options), core, resources]


def runtime_classes() -> list[Path]:
    """Return the runtime's jars, extracted from its Android archives."""
    return [_extracted(archive) / "classes.jar" for archive in toolchain.classpath("runtime")]


def linked_resources(model: Path | None = None) -> Path:
    """Compile and link resources and manifest.

    Args:
        model: The model to add as an asset with its companion files, if any.

    Returns:
        A folder with the package `linked.apk`, `R.java` in `java/`, and `keep.pro`, which lists the
        code that manifest and layouts need.
    """
    app = project.read_app()
    manifest = project.merged_manifest(app)
    files = project.resource_files()
    made_from = [
        _digest(Path(__file__)),
        manifest,
        repr(app),
        *(f"{file} {_digest(file)}" for file in files),
    ]
    made_from += _digests_of_assets(model) if model else ["no model"]

    def link(folder: Path) -> None:
        compiled = folder / "compiled"
        compiled.mkdir(parents=True)
        (folder / "AndroidManifest.xml").write_text(manifest)
        run(["aapt2", "compile", "-o", compiled, *files])
        # Debian's aapt2 is too old for <uses-native-library> and warns about it.
        command = ["aapt2", "link", "--warn-manifest-validation", "-I", FRAMEWORK_RESOURCES]
        command += ["--manifest", folder / "AndroidManifest.xml", "-o", folder / "linked.apk"]
        command += ["--min-sdk-version", str(app.minimum_sdk)]
        command += ["--target-sdk-version", str(app.target_sdk)]
        command += ["--version-code", str(app.version_code), "--version-name", app.version_name]
        command += ["--java", folder / "java", "--proguard", folder / "keep.pro", "-0", ".tflite"]
        if model:
            assets = folder / PACKED_ASSETS
            assets.mkdir()
            for name, source in packed_assets(model).items():
                shutil.copyfile(source, folder / name)
            command += ["-A", assets]
        run([*command, *sorted(compiled.iterdir())])

    return make(BUILD / "resources" / (model.stem if model else "alone"), made_from, link)


def packed_assets(model: Path) -> dict[str, Path]:
    """Return the files that an app contains for a model, by their names in the package."""
    return {
        f"{PACKED_ASSETS}{name.removeprefix(ASSETS)}": source
        for name, source in app_assets(model).items()
    }


def _digests_of_assets(model: Path) -> list[str]:
    return [f"{name} {_digest(source)}" for name, source in packed_assets(model).items()]


def _build(model: Path, apk: Path) -> None:
    resources = linked_resources(model)
    work = OUTPUT / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    shrunk = _shrink(compiled_app(), resources / "keep.pro", work)
    dexed = _dex(shrunk, work)
    shutil.copyfile(resources / "linked.apk", work / "packed.apk")
    _pack(work / "packed.apk", dexed, project.read_app().processors)
    # -p: align native libraries to memory pages, so that Android can map them directly.
    run(["zipalign", "-f", "-p", "4", work / "packed.apk", work / "aligned.apk"])
    signer = ["apksigner", "sign", "--ks", _throw_away_key(), "--ks-pass", "pass:android"]
    run([*signer, "--out", apk, work / "aligned.apk"])
    for leftover in apk.parent.glob("*.idsig"):
        leftover.unlink()


def _classes_of_resources() -> Path:
    java = linked_resources() / "java"
    sources = sorted(java.rglob("*.java"))

    def compile_into(folder: Path) -> None:
        run(["javac", "--release", "8", "-Xlint:-options", "-d", folder, *sources])

    return make(BUILD / "classes" / "R", [file.read_text() for file in sources], compile_into)


def _extracted(archive: Path) -> Path:
    def extract(folder: Path) -> None:
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(folder)

    return make(BUILD / "runtime" / archive.stem, [_digest(archive)], extract)


def _shrink(classes: list[Path], keep: Path, work: Path) -> Path:
    """Remove unused classes, which are most of Kotlin's library, without renaming any."""
    shrunk = work / "shrunk.jar"
    inputs = [*classes, *runtime_classes(), *toolchain.classpath("kotlin")]
    # With this target, lambdas become classes. Kotlin's library has some, which dx cannot handle.
    rules = ["-target 1.7", "-dontwarn kotlin.**,java.**"]
    rules += ["-dontoptimize", "-dontobfuscate", "-dontnote"]
    # Keep classes only: Android reads nothing else in a jar, such as Kotlin's metadata.
    rules += [f"-injars {path}(!META-INF/**,**.class)" for path in inputs]
    rules += [f"-libraryjars {path}" for path in toolchain.classpath("framework")]
    rules += [f"-libraryjars {_java_classes()}(!**.jar;!module-info.class)"]
    rules += [f"-outjars {shrunk}", f"-include {keep}"]
    rules += [f"-include {project.PROGUARD_RULES}"]
    (work / "shrink.pro").write_text("\n".join(rules))
    shrinker = toolchain.java(toolchain.classpath("shrinker"))
    run([*shrinker, "proguard.ProGuard", f"@{work / 'shrink.pro'}"])
    return shrunk


def _dex(classes: Path, work: Path) -> Path:
    minimum = project.read_app().minimum_sdk
    dexer = [*toolchain.java(toolchain.classpath("dexer")), "com.android.dx.command.Main", "--dex"]
    run([*dexer, f"--min-sdk-version={minimum}", f"--output={work / 'classes.dex'}", classes])
    return work / "classes.dex"


def _pack(apk: Path, dexed: Path, processors: Iterable[str]) -> None:
    with zipfile.ZipFile(apk, "a", zipfile.ZIP_DEFLATED) as package:
        package.write(dexed, "classes.dex")
        for archive in toolchain.classpath("runtime"):
            for processor in processors:
                for library in sorted((_extracted(archive) / "jni" / processor).glob("*.so")):
                    name = f"lib/{processor}/{library.name}"
                    package.write(library, name, zipfile.ZIP_STORED)


def _java_classes() -> Path:
    """Return the classes of Java itself, which the framework's jar does not include."""
    compiler = shutil.which("javac")
    if compiler is None:
        raise toolchain.ToolchainError("javac is missing")
    return Path(compiler).resolve().parents[1] / "jmods/java.base.jmod"


def _throw_away_key() -> Path:
    def generate(store: Path) -> None:
        command = ["keytool", "-genkeypair", "-keystore", store, *_KEY_OPTIONS]
        run([*command, "-keyalg", "RSA", "-validity", "10000", "-dname", "CN=Debug"])

    return make(BUILD / "debug.keystore", ["RSA"], generate)


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
