"""`python -m android_demo.verified_build`: builds the app without Gradle and checks the package."""

import argparse
import hashlib
import sys
from pathlib import Path

from android_demo.toolchain.toolchain import ToolchainError
from android_demo.verified_build.build import build_apk, packed_assets
from android_demo.verified_build.checks import Facts, read_facts, shortcomings
from android_demo.verified_build.project import read_app
from keras_f2a.model_files.bundled import pretrained_file


def main() -> int:
    """Build the app, check it, print a report, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m android_demo.verified_build")
    parser.description = "Builds the app without Gradle, signs it with a throw-away key, checks it."
    parser.add_argument(
        "--model", type=Path, metavar="FILE", help=".tflite to pack (default: light_v2's int8)"
    )
    model = parser.parse_args().model or Path(pretrained_file("int8.tflite"))
    if not model.is_file():
        print(f"{model}: there is no such file", file=sys.stderr)
        return 1
    try:
        apk = build_apk(model)
        facts = read_facts(apk)
    except ToolchainError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{apk}\n{report(facts)}")
    networks = {
        name: hashlib.sha256(source.read_bytes()).hexdigest()
        for name, source in packed_assets(model).items()
    }
    found = shortcomings(facts, read_app(), networks)
    for shortcoming in found:
        print(f"WRONG: {shortcoming}", file=sys.stderr)
    return 1 if found else 0


def report(facts: Facts) -> str:
    """Return the facts and the sizes of a package, one per line."""
    parts = [name for name in facts.sizes if name.endswith((".so", ".dex", ".tflite", ".arsc"))]
    lines = [
        f"package {facts.package}, SDK {facts.minimum_sdk} to {facts.target_sdk}",
        f"signatures of schemes {sorted(facts.signatures)}",
        f"processors {sorted(facts.processors)}, languages {sorted(facts.languages)}",
        f"permissions {sorted(facts.permissions) or 'none'}",
        *(f"{digest} {name}" for name, digest in sorted(facts.networks.items())),
        f"{facts.size:>12,} bytes in all",
        *(f"{facts.sizes[name]:>12,} {name}" for name in sorted(parts)),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
