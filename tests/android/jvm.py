"""Helpers that run the demo's Kotlin code on the JVM, or skip or fail if a tool is missing."""

from pathlib import Path

import ai_edge_litert

from android_demo.toolchain import toolchain
from tests.system_packages import require_program, skip_or_fail

LITERT = Path(ai_edge_litert.__file__).parent / "libLiteRt.so"


def require_tools(*profiles):
    """Skip or fail the test unless Java, Maven and the jars of the profiles are installed."""
    require_program("java", "openjdk-17-jdk-headless")
    require_program("mvn", "maven")
    try:
        for profile in ("compiler", "kotlin", *profiles):
            toolchain.classpath(profile)
    except toolchain.FetchError as error:
        skip_or_fail(str(error))


def run_program(name, *arguments):
    """Run `org.kerasf2a.jvm.NAME` with the path of LiteRT's library and return what it prints.

    Args:
        name: The file with its main function, without `.kt`.
        arguments: The arguments after the library.
    """
    require_tools("jvm")
    command = toolchain.java(toolchain.compiled_jvm_program())
    return toolchain.run([*command, f"org.kerasf2a.jvm.{name}Kt", LITERT, *map(str, arguments)])
