"""Checks of the Gradle project that work without Gradle, which cannot run here."""

import re
import tomllib
import xml.etree.ElementTree as ElementTree

import pytest
from keras_f2a.export.android import (
    ASSETS,
    FACES_FILE,
    MODEL_FILE,
    PROPERTIES_FILE,
    SIBLING_FILE,
)

from android_demo.toolchain import toolchain
from android_demo.verified_build import project
from android_demo.verified_build.project import ANDROID, APP, RESOURCES, TOOLS

DEMO = toolchain.DEMO
APP_SCRIPT = (APP / "build.gradle.kts").read_text()
SCRIPTS = APP_SCRIPT + (DEMO / "build.gradle.kts").read_text()
CATALOG = tomllib.loads((DEMO / "gradle/libs.versions.toml").read_text())
LAYOUTS = sorted(RESOURCES.glob("layout*/*.xml"))
CODE = "".join(file.read_text() for file in toolchain.source_files([project.SOURCES]))
XML = "".join(file.read_text() for file in [project.MANIFEST, *RESOURCES.rglob("*.xml")])


def strings(folder):
    root = ElementTree.parse(RESOURCES / folder / "strings.xml").getroot()
    return {item.get("name"): "".join(item.itertext()) for item in root.iter("string")}


def declared_resources():
    """Return the (type, name) of every resource that res/ declares."""
    declared = set()
    for file in project.resource_files():
        folder = file.parent.name.split("-")[0]
        if folder != "values":
            declared.add((folder, file.stem))
            declared |= {("id", name) for name in re.findall(r'"@\+id/(\w+)"', file.read_text())}
            continue
        for item in ElementTree.parse(file).getroot():
            declared.add((item.tag, item.get("name")))
    return declared


def referenced_resources():
    """Return every (type, name) that the code, the manifest or the resources refer to."""
    in_xml = set(re.findall(r"@(string|color|drawable|layout|style|id)/([\w.]+)", XML))
    return in_xml | set(re.findall(r"\bR\.(\w+)\.(\w+)", CODE))


def test_the_version_catalog_is_complete_and_used():
    aliases = {f"libs.{name.replace('-', '.')}" for name in CATALOG["libraries"]}
    aliases |= {f"libs.plugins.{name.replace('-', '.')}" for name in CATALOG["plugins"]}
    assert set(re.findall(r"\((libs[\w.]+)\)", SCRIPTS)) == aliases
    entries = [*CATALOG["libraries"].values(), *CATALOG["plugins"].values()]
    assert {entry["version"]["ref"] for entry in entries} == set(CATALOG["versions"])


def test_the_kotlin_plugin_is_not_applied():
    # Android's plugin has included Kotlin since version 9 and refuses a second Kotlin plugin.
    assert CATALOG["versions"]["android-gradle-plugin"].startswith("9.")
    assert "org.jetbrains.kotlin" not in SCRIPTS + str(CATALOG)


def test_the_wrapper_names_the_gradle_that_the_plugin_wants():
    wrapper = (DEMO / "gradle/wrapper/gradle-wrapper.properties").read_text()
    assert re.search(r"^distributionUrl=https\\://.*/gradle-9\.\d+\.\d+-bin\.zip$", wrapper, re.M)


def test_the_app_asks_for_no_permission():
    manifest = ElementTree.parse(project.MANIFEST).getroot()
    for permission in manifest.iter("uses-permission"):
        assert permission.get(f"{TOOLS}node") == "remove", permission.get(f"{ANDROID}name")
    assert "uses-permission" not in project.merged_manifest(project.read_app())


def test_launcher_and_share_sheet_find_the_activity():
    (activity,) = ElementTree.parse(project.MANIFEST).getroot().iter("activity")
    assert activity.get(f"{ANDROID}exported") == "true"
    actions = {action.get(f"{ANDROID}name") for action in activity.iter("action")}
    assert actions == {"android.intent.action.MAIN", "android.intent.action.SEND"}


def test_the_classes_that_manifest_and_layouts_name_exist():
    package = project.read_app().package
    manifest = project.MANIFEST.read_text()
    names = [package + name for name in re.findall(r'android:name="(\.\w+)"', manifest)]
    names += re.findall(rf"<({re.escape(package)}[\w.]+)", XML)
    assert len(names) >= 3
    for name in names:
        assert (project.SOURCES / (name.replace(".", "/") + ".kt")).is_file(), name


def test_both_languages_say_the_same_things():
    english, spanish = strings("values"), strings("values-es")
    assert english.keys() == spanish.keys()
    for name, words in english.items():
        placeholders = [sorted(re.findall(r"%\S*?[df%s]", text)) for text in (words, spanish[name])]
        assert placeholders[0] == placeholders[1], name
        assert words.strip() and spanish[name].strip(), name


def test_what_is_referred_to_exists():
    assert referenced_resources() - declared_resources() == set()


def test_what_is_declared_is_used():
    unused = declared_resources() - referenced_resources()
    # A style names its parent with dots in its own name or with parent="...".
    unused -= {("style", name) for name in re.findall(r'parent="([\w.]+)"', XML)}
    assert unused == set()


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_layout_holds_no_words_of_its_own_and_describes_its_pictures(layout):
    for view in ElementTree.parse(layout).iter():
        for attribute in ("text", "hint", "contentDescription", "title"):
            value = view.get(f"{ANDROID}{attribute}")
            assert value is None or value.startswith("@string/"), (view.tag, value)
        is_own_picture = "." in view.tag and len(view) == 0
        if view.tag in ("ImageView", "ImageButton", "SeekBar", "ProgressBar") or is_own_picture:
            assert view.get(f"{ANDROID}contentDescription"), view.tag


def test_portrait_and_landscape_have_the_same_views():
    def views(folder):
        text = (RESOURCES / folder / "main.xml").read_text()
        return sorted(re.findall(r'"@\+id/(\w+)"|layout="([^"]+)"', text))

    assert views("layout") == views("layout-land")


def test_gradle_and_the_verified_build_take_the_same_files():
    # Neither script declares a source folder: both use the plugin's standard folders.
    assert "sourceSets" not in SCRIPTS and "srcDir" not in SCRIPTS
    assert project.SOURCES == APP / "src/main/kotlin"
    assert RESOURCES == APP / "src/main/res"
    assert toolchain.CORE_SOURCES.is_relative_to(project.SOURCES)
    assert toolchain.TESTS == APP / "src/test/kotlin"
    others = [file for file in (APP / "src").rglob("*.java")]
    others += [
        file for file in (APP / "src/main").rglob("*.kt") if project.SOURCES not in file.parents
    ]
    assert others == []


def test_gradle_checks_the_files_that_the_export_puts_in():
    networks = (MODEL_FILE, SIBLING_FILE, FACES_FILE)
    assert f'dir("{ASSETS.removeprefix("app/")}")' in APP_SCRIPT
    for name in (*networks, PROPERTIES_FILE):
        assert f'"{name.removeprefix(f"{ASSETS}/")}"' in APP_SCRIPT
    for key in ("sha256", "sibling_sha256", "faces_sha256"):
        assert f'to "{key}"' in APP_SCRIPT
    assert "python -m export --android" in APP_SCRIPT
    assert 'named("preBuild") { dependsOn(checkModel) }' in APP_SCRIPT
    assert 'noCompress += "tflite"' in APP_SCRIPT
    ignored = (DEMO / ".gitignore").read_text().splitlines()
    assert {f"/{name}" for name in (*networks, PROPERTIES_FILE)} <= set(ignored)


def test_the_app_reads_the_files_that_the_export_puts_in():
    loader = (project.SOURCES / "org/kerasf2a/demo/engine/ModelAssets.kt").read_text()
    read = set(re.findall(r'"(\w+\.tflite)"', loader))
    assert {f"{ASSETS}/{name}" for name in read} == {MODEL_FILE, SIBLING_FILE, FACES_FILE}


def test_the_core_knows_nothing_of_android():
    for file in toolchain.source_files([toolchain.CORE_SOURCES]):
        imports = re.findall(r"^import (\S+)", file.read_text(), re.M)
        for name in imports:
            assert name.startswith(("java.", "kotlin.", "org.kerasf2a.core.")), (file.name, name)
