import re
import zlib

from android_demo.make_golden import CASES, FOLDER, golden_files
from android_demo.placed_golden import PLACED
from android_demo.rules_golden import RULED
from android_demo.toolchain import toolchain
from tests.android.jvm import require_tools

_WHOLE = {"ruled": RULED, "placed": PLACED}


def test_the_golden_files_are_what_the_python_package_makes_now():
    files = golden_files()
    assert {path.name for path in FOLDER.iterdir()} == set(files)
    for name, content in files.items():
        assert zlib.decompress((FOLDER / name).read_bytes()) == content, name


def test_the_kotlin_code_passes_its_tests_and_agrees_with_the_python_package(record_property):
    require_tools("test")
    report = toolchain.run_junit(toolchain.compiled_tests(), toolchain.TESTS)
    print(report)
    differences = dict(re.findall(r"(\w+): largest difference (\d+)/255", report))
    ruled, placed = ({f"{prefix}_{name}" for name in cases} for prefix, cases in _WHOLE.items())
    assert set(differences) == {*CASES, *ruled, *placed}
    record_property("largest difference in gray levels", max(map(int, differences.values())))
    assert "OK (" in report
