"""Compile and run the demo's Kotlin without Gradle: jars from Maven, outputs under build/.

An output is rebuilt only if its inputs change. Requires `java` (17 or newer) and `mvn`.
"""

import os
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from android_demo.toolchain.kept_output import make, stamp_of

DEMO = Path(__file__).resolve().parents[1]
BUILD = DEMO / "build"
POM = Path(__file__).with_name("pom.xml")

CORE_SOURCES = DEMO / "app/src/main/kotlin/org/kerasf2a/core"
DEMO_SOURCES = CORE_SOURCES.with_name("demo")
# The parts of the app that do not need Android and can be tested on the JVM.
ANDROID_FREE = tuple(
    DEMO_SOURCES / name
    for name in (
        "engine/GpuTrial.kt",
        "engine/ProcessorThreads.kt",
        "photo/Companions.kt",
        "photo/ContainerDirectory.kt",
        "photo/ExifBlock.kt",
        "photo/FileNames.kt",
        "photo/GainMap.kt",
        "photo/HeifItems.kt",
        "photo/JpegFile.kt",
        "photo/JpegSegments.kt",
        "photo/KeptMetadata.kt",
        "photo/MemoryBudget.kt",
        "photo/MultiPicture.kt",
        "photo/OtherFile.kt",
        "photo/Photoshop.kt",
        "photo/PngFile.kt",
        "photo/Previews.kt",
        "photo/Xmp.kt",
        "photo/XmpPacket.kt",
    )
)
TESTS = DEMO / "app/src/test/kotlin"
TEST_RESOURCES = DEMO / "app/src/test/resources"
JVM_SOURCES = DEMO / "jvm/src/main/kotlin"

KOTLIN_OPTIONS = (
    "-no-stdlib",
    "-no-reflect",
    "-Werror",
    "-jvm-target",
    "1.8",
    # The dexer lacks invokedynamic: lambdas become classes, and string templates become calls.
    "-Xlambdas=class",
    "-Xsam-conversions=class",
    "-Xstring-concat=inline",
)

# The JVM's second compiler and its parallel collector only pay off in long runs.
SHORT_RUN = ("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


class ToolchainError(RuntimeError):
    """A step failed; the message contains the tool's output."""


class FetchError(ToolchainError):
    """Maven could not fetch the jars, for example because there is no network."""


def classpath(profile: str, pom: Path = POM) -> list[Path]:
    """Return the jars (and AARs) of one profile, fetched by Maven if they are missing.

    Args:
        profile: Its name, which is unique across this project's files.
        pom: The file that defines it.

    Raises:
        FetchError: Maven could not fetch them.
    """
    listing = BUILD / "classpath" / f"{profile}.txt"

    def fetch(listing: Path) -> None:
        command = ["mvn", "--batch-mode", "--quiet", "--file", pom, "--activate-profiles", profile]
        try:
            # Leave the garbage collector to the user's options.
            options = f"-XX:TieredStopAtLevel=1 {os.environ.get('MAVEN_OPTS', '')}"
            run(
                [*command, f"-Dmdep.outputFile={listing}", "dependency:build-classpath"],
                {"MAVEN_OPTS": options},
            )
        except ToolchainError as error:
            raise FetchError(f"the jars for {profile}: {error}") from error

    def here(listing: Path) -> bool:
        return all(path.is_file() for path in _paths(listing))

    make(listing, [profile, pom.read_text()], fetch, here)
    return _paths(listing)


def compile_kotlin(
    name: str,
    sources: Iterable[Path],
    libraries: Sequence[Path],
    options: Sequence[str] = KOTLIN_OPTIONS,
) -> Path:
    """Compile Kotlin sources and return the folder of the classes, build/classes/NAME.

    Args:
        name: The folder's name.
        sources: Files, or folders that are searched for `.kt` files.
        libraries: Jars and folders to compile against, including the standard library.
        options: Options of the compiler.

    Raises:
        ToolchainError: The compiler found an error or a warning.
    """
    files = source_files(sources)
    arguments = [*options, "-classpath", join(libraries)]
    made_from = [*arguments, *map(str, files), *(file.read_text() for file in files)]
    made_from += [stamp_of(folder).read_text() for folder in libraries if folder.is_dir()]

    def compile_into(folder: Path) -> None:
        compiler = [*java(classpath("compiler")), "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler"]
        run([*compiler, *arguments, "-d", folder, *files])

    return make(BUILD / "classes" / name, made_from, compile_into)


def compiled_core() -> Path:
    """Compile the pure-Kotlin core and return its folder of classes."""
    return compile_kotlin("core", [CORE_SOURCES], classpath("kotlin"))


def compiled_tests() -> list[Path]:
    """Compile the JUnit tests and the code under test. Return the class path to run them with."""
    core = compiled_core()
    app = compile_kotlin("android-free", ANDROID_FREE, [core, *classpath("kotlin")])
    libraries = [core, app, *classpath("kotlin"), *classpath("test")]
    # Tests can access internals of core and app, as they can with Gradle.
    options = (*KOTLIN_OPTIONS, f"-Xfriend-paths={core},{app}")
    tests = compile_kotlin("tests", [TESTS], libraries, options)
    return [tests, TEST_RESOURCES, *libraries]


def compiled_jvm_program() -> list[Path]:
    """Compile the core and the command that runs it on the JVM. Return the class path."""
    libraries = [compiled_core(), *classpath("kotlin"), *classpath("jvm")]
    return [compile_kotlin("jvm", [JVM_SOURCES], libraries), *libraries]


def run_junit(
    libraries: Sequence[Path],
    tests: Path,
    *,
    java: str | Path = "java",
    options: Sequence[str] = (),
) -> str:
    """Run the JUnit 4 classes of a source folder, whose names end in Test.

    Args:
        libraries: The class path.
        tests: The folder; abstract classes in it are skipped.
        java: The JVM.
        options: Options of the JVM.

    Returns:
        The output of JUnit and the tests.

    Raises:
        ToolchainError: A test failed.
    """
    names = []
    for file in source_files([tests]):
        text = file.read_text()
        if file.stem.endswith("Test") and f"abstract class {file.stem}" not in text:
            package = text.split("package ", 1)[1].split(None, 1)[0]
            names.append(f"{package}.{file.stem}")
    jvm = [java, *SHORT_RUN, *options, "-classpath", join(libraries)]
    return run([*jvm, "org.junit.runner.JUnitCore", *names])


def java(libraries: Sequence[Path]) -> list[str]:
    """Return the start of a command that runs a class on the JVM."""
    return ["java", *SHORT_RUN, "-classpath", join(libraries)]


def run(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> str:
    """Run a command and return its standard output.

    Args:
        command: The program and its arguments.
        environment: Additional environment variables, if any.

    Raises:
        ToolchainError: It failed or is missing.
    """
    words = [str(word) for word in command]
    try:
        # Android's tools print strings of class files as raw bytes, which may not be UTF-8.
        done = subprocess.run(
            words,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, **(environment or {})},
        )
    except FileNotFoundError as error:
        raise ToolchainError(f"{words[0]} is missing") from error
    if done.returncode != 0:
        said = f"{done.stderr[-3000:]}{done.stdout[-6000:]}".strip()
        raise ToolchainError(f"{words[0]} ended with {done.returncode}:\n{said}")
    return done.stdout


def source_files(sources: Iterable[Path]) -> list[Path]:
    """Return the `.kt` files among files and folders, sorted."""
    return sorted(
        file
        for source in sources
        for file in ([source] if source.is_file() else source.rglob("*.kt"))
    )


def join(paths: Iterable[Path]) -> str:
    """Join paths to a class path."""
    return os.pathsep.join(map(str, paths))


def _paths(listing: Path) -> list[Path]:
    return [Path(path) for path in listing.read_text().strip().split(os.pathsep) if path]
