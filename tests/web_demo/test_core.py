"""The TypeScript core matches the golden files of the Kotlin core and works as a package."""

from android_demo.lights_golden import LIT, MIXED
from android_demo.make_golden import CASES
from android_demo.placed_golden import PLACED
from android_demo.rules_golden import RULED, RULES
from tests.web_demo import node


def test_the_core_gives_what_the_package_gives():
    node.install()
    node.run("tsc", "--noEmit")
    printed = node.run("vitest", "run", "--project", "core")
    kinds = {"correct": CASES, "rules": RULES, "ruled": RULED}
    kinds |= {"mixed": MIXED, "lit": LIT, "placed": PLACED}
    for kind, names in kinds.items():
        for name in names:
            assert f"{kind}_{name}.bin: largest difference" in printed


def test_the_core_is_a_package_of_its_own():
    node.install()
    node.run_script("core")
    used = (
        "const {Tone} = await import('./build/core/index.js'); console.log(new Tone(0.5).isNeutral)"
    )
    assert node.run_code(used) == "false\n"
