"""The Kotlin sources follow the style in `android_demo/.editorconfig`."""

from android_demo.toolchain import toolchain
from tests.android.jvm import require_tools


def test_ktlint_finds_nothing():
    require_tools("ktlint")
    ktlint = [*toolchain.java(toolchain.classpath("ktlint")), "com.pinterest.ktlint.Main"]
    sources = [toolchain.DEMO / folder for folder in ("app/src", "jvm/src", "launch/src")]
    toolchain.run([*ktlint, *toolchain.source_files(sources)])
