"""What the Gradle project says about the app, for building it without Gradle."""

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

from android_demo.toolchain.toolchain import DEMO

APP = DEMO / "app"
MANIFEST = APP / "src/main/AndroidManifest.xml"
RESOURCES = APP / "src/main/res"
SOURCES = APP / "src/main/kotlin"
PROGUARD_RULES = APP / "proguard-rules.pro"
ANDROID = "{http://schemas.android.com/apk/res/android}"
TOOLS = "{http://schemas.android.com/tools}"


@dataclass(frozen=True)
class App:
    """The app as `app/build.gradle.kts` describes it.

    Attributes:
        package: Its application id, which is also the package of its resources.
        minimum_sdk: The oldest Android that it runs on, as an API level.
        target_sdk: The Android that it is written for.
        version_code: Its version, for Android.
        version_name: Its version, for people.
        processors: The processors that its native libraries are packed for.
    """

    package: str
    minimum_sdk: int
    target_sdk: int
    version_code: int
    version_name: str
    processors: tuple[str, ...]


def read_app() -> App:
    """Reads `app/build.gradle.kts`."""
    script = (APP / "build.gradle.kts").read_text()

    def value(name: str) -> str:
        return re.search(rf'^\s*{name} = "?([^"\n]+)"?$', script, re.MULTILINE)[1]

    processors = re.search(r"abiFilters \+= listOf\((.*)\)", script)[1]
    return App(
        package=value("applicationId"),
        minimum_sdk=int(value("minSdk")),
        target_sdk=int(value("targetSdk")),
        version_code=int(value("versionCode")),
        version_name=value("versionName"),
        processors=tuple(re.findall(r'"([^"]+)"', processors)),
    )


def merged_manifest(app: App) -> str:
    """Returns the manifest as Android's build hands it on, the demo's libraries adding nothing."""
    for prefix, address in (("android", ANDROID), ("tools", TOOLS)):
        ElementTree.register_namespace(prefix, address.strip("{}"))
    manifest = ElementTree.parse(MANIFEST).getroot()
    for parent in list(manifest.iter()):
        for child in list(parent):
            if child.get(f"{TOOLS}node") == "remove":
                parent.remove(child)
    manifest.set("package", app.package)
    # The native libraries are read where they lie in the package.
    manifest.find("application").set(f"{ANDROID}extractNativeLibs", "false")
    return ElementTree.tostring(manifest, encoding="unicode")


def resource_files() -> list[Path]:
    """Returns the resources' files; a file right under res/ is for Gradle's plugin alone."""
    return sorted(file for file in RESOURCES.glob("*/*") if file.is_file())
