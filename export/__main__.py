"""`python -m export`: turns a trained generator into files for servers, phones and browsers."""

import argparse
import sys
from collections.abc import Sequence

from export.settings import ANDROID_DEMO, FORMATS, ExportSettings, ImageSize
from keras_f2a.generator_files import pretrained_file
from keras_f2a.support.command_line import (
    EXIT_DONE,
    EXIT_WORK_FAILED,
    ArgumentParser,
    run_command,
)
from keras_f2a.support.errors import InputError
from keras_f2a.support.quiet_tensorflow import import_tensorflow_quietly


def main(arguments: Sequence[str] | None = None) -> int:
    """Exports what the command line names and prints the report; returns the exit code."""
    options = vars(_parser().parse_args(arguments))
    given = {name: value for name, value in options.items() if value is not None}
    if "android" in given and given.get("model", ".tflite").endswith(".tflite"):
        return _put_into_app(given)
    if "output" not in given:
        raise InputError("--output: name a folder for the files")
    if "model" not in given:
        given["model"] = str(pretrained_file("keras"))
        given.setdefault("formats", [name for name in FORMATS if name != "int8_qat"])
    if "size" in given:
        given["sizes"] = tuple(map(ImageSize.parse, given.pop("size")))
    if "formats" in given:
        given["formats"] = tuple(given["formats"])
    settings = ExportSettings(**given)
    settings.check()
    import_tensorflow_quietly()
    from export.exporter import export_generator

    result = export_generator(settings)
    print(f"\n{result.table}")
    print("\n".join(map(str, result.files)))
    for row in result.missed:
        fate = "kept by --allow-inexact" if settings.allow_inexact else "not kept"
        problem = "; ".join(row.shortcomings)
        print(f"export: error: {row.name}: {problem} ({fate})", file=sys.stderr)
    failed = result.missed and not settings.allow_inexact
    return EXIT_WORK_FAILED if failed else EXIT_DONE


def _put_into_app(given: dict) -> int:
    """Puts a file that was exported before into the Android project."""
    from export.android import put_into_app

    foreign = sorted(given.keys() - {"model", "android"})
    if foreign:
        option = foreign[0].replace("_", "-")
        raise InputError(f"--{option}: a .tflite file is exported already; omit this option")
    files = put_into_app(given.get("model", pretrained_file("int8.tflite")), given["android"])
    print("\n".join(map(str, files)))
    return EXIT_DONE


def _parser() -> argparse.ArgumentParser:
    parser = ArgumentParser(
        prog="export",
        description="Exports a trained generator, runs every file and compares it with the Keras "
        "model. A file that is not near enough is not kept, and the exit code is 1.",
    )
    add = parser.add_argument
    add(
        "--model",
        metavar="RUN_OR_FILE",
        help="run directory or .keras file (default: the package's own)",
    )
    add("--output", metavar="DIR", help="where the files go")
    add(
        "--formats",
        nargs="+",
        metavar="FORMAT",
        help=f"some of {', '.join(FORMATS)} (default: all; int8_qat needs a VGG16 generator)",
    )
    add(
        "--size",
        nargs="+",
        metavar="WxH",
        help="sizes of the .tflite files, multiples of 16 (default: 320x240)",
    )
    add(
        "--calibration-data",
        metavar="DIR",
        help="folder with train/ pairs to calibrate with and test/ pairs to measure on "
        "(default: the bundled scenes)",
    )
    add("--name", metavar="NAME", help="start of the files' names (default: flash_to_ambient)")
    add("--model-version", type=int, metavar="N", help="for TF Serving and metadata (default: 1)")
    add(
        "--max-megapixels",
        type=float,
        metavar="M",
        help="largest photograph that the SavedModel takes (default: 2)",
    )
    add(
        "--fine-tuning-steps",
        type=int,
        metavar="N",
        help="of quantisation-aware training (default: 40)",
    )
    add("--threads", type=int, metavar="N", help="of the measured runs (default: all cores)")
    add(
        "--allow-inexact",
        action="store_const",
        const=True,
        help="keep files that miss the gate, and exit with 0",
    )
    add(
        "--android",
        nargs="?",
        const=ANDROID_DEMO,
        metavar="DIR",
        help=f"put the int8 file into the Android project (default: {ANDROID_DEMO}); with --model "
        "FILE.tflite, or without --model the file that the package carries, nothing is exported",
    )
    return parser


if __name__ == "__main__":
    run_command(main, "export")
