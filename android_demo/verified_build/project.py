"""Read the app's settings from the Gradle project, to build it without Gradle."""

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
    """The app as described by `app/build.gradle.kts`.

    Attributes:
        package: Its application ID, which is also the package of its resources.
        minimum_sdk: The oldest Android that it runs on, as an API level.
        target_sdk: The Android that it targets.
        version_code: Its version number for Android.
        version_name: Its version for users.
        processors: The ABIs that its native libraries are packed for.
    """

    package: str
    minimum_sdk: int
    target_sdk: int
    version_code: int
    version_name: str
    processors: tuple[str, ...]


def read_app() -> App:
    """Read `app/build.gradle.kts`."""
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
    """Return the manifest as Android's build merges it. The demo's libraries add nothing to it."""
    for prefix, address in (("android", ANDROID), ("tools", TOOLS)):
        ElementTree.register_namespace(prefix, address.strip("{}"))
    manifest = ElementTree.parse(MANIFEST).getroot()
    for parent in list(manifest.iter()):
        for child in list(parent):
            if child.get(f"{TOOLS}node") == "remove":
                parent.remove(child)
    manifest.set("package", app.package)
    # Native libraries are loaded directly from the package.
    manifest.find("application").set(f"{ANDROID}extractNativeLibs", "false")
    return ElementTree.tostring(manifest, encoding="unicode")


def resource_files() -> list[Path]:
    """Return the resource files. Those directly under res/ are only for Gradle's plugin."""
    return sorted(file for file in RESOURCES.glob("*/*") if file.is_file())
