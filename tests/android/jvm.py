"""Runs the demo's Kotlin on the JVM for tests; skipped or failed where the tools are missing."""

from pathlib import Path

import ai_edge_litert

from android_demo.toolchain import toolchain
from tests.system_packages import require_program, skip_or_fail

LITERT = Path(ai_edge_litert.__file__).parent / "libLiteRt.so"


def require_tools(*profiles):
    """Skips or fails unless Java and Maven are here and Maven finds the jars of the profiles."""
    require_program("java", "openjdk-17-jdk-headless")
    require_program("mvn", "maven")
    try:
        for profile in ("compiler", "kotlin", *profiles):
            toolchain.classpath(profile)
    except toolchain.FetchError as error:
        skip_or_fail(str(error))


def run_program(name, *arguments):
    """Runs `org.kerasf2a.jvm.NAME` with LiteRT's library before its arguments; returns its words.

    Args:
        name: The file of its main function, without `.kt`.
        arguments: What comes after the library.
    """
    require_tools("jvm")
    command = toolchain.java(toolchain.compiled_jvm_program())
    return toolchain.run([*command, f"org.kerasf2a.jvm.{name}Kt", LITERT, *map(str, arguments)])
