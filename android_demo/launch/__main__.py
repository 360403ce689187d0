"""`python -m android_demo.launch`: starts the app on a JVM and reports the results."""

import argparse
import sys
from pathlib import Path

from android_demo.launch.launch import REPORT, launch
from android_demo.launch.light_network import light_network
from android_demo.toolchain.toolchain import ToolchainError
from keras_f2a.model_files.bundled import pretrained_file


def main() -> int:
    """Launch the app, print the report, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m android_demo.launch")
    parser.description = "Starts the app on a JVM, does to it what users do, draws its screen."
    parser.add_argument(
        "--model", type=Path, metavar="FILE", help="its .tflite (default: light_v2's int8)"
    )
    model = parser.parse_args().model or Path(pretrained_file("int8.tflite"))
    if not model.is_file():
        print(f"{model}: there is no such file", file=sys.stderr)
        return 2
    try:
        results = launch(model, light_network())
    except ToolchainError as error:
        print(error, file=sys.stderr)
        return 1
    print((results / REPORT).read_text())
    print(f"files that it saved, and pictures of its screen: {results}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
