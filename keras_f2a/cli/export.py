"""`keras-f2a export`: turns a trained generator into files for servers, phones and browsers."""

import argparse
import sys
from dataclasses import fields

from keras_f2a.export.settings import DEMOS, ExportSettings, ImageSize
from keras_f2a.generator_files import is_a_name
from keras_f2a.model_files.bundled import GENERATOR, PLACED_LIGHT, pretrained_file
from keras_f2a.support.argument_parser import ArgumentParser
from keras_f2a.support.errors import InputError
from keras_f2a.support.printable import printable
from keras_f2a.support.process import EXIT_DONE, EXIT_WORK_FAILED
from keras_f2a.support.quiet_tensorflow import import_tensorflow_quietly

EXTRA = "export"
GROUPS = {
    "measuring": ("calibration_data", "threads", "allow_inexact"),
    "demos": ("rules",),
    "rarely needed": ("about", "model_version", "max_megapixels", "fine_tuning_steps", "force"),
}
"""Headings of the help text, each with its settings."""
DESCRIPTION = (
    "Exports a trained generator, runs every file and compares it with the Keras model. A file "
    "that differs too much is deleted, and the exit code is 1."
)


def run(options: argparse.Namespace) -> int:
    """Export the given model, print the report and return the exit code."""
    arguments = dict(vars(options))
    for_demos = bool(arguments.keys() & {"android", "web"})
    if is_a_name(arguments.get("model")):
        suffix = "int8.tflite" if for_demos and "output" not in arguments else "keras"
        arguments["model"] = str(pretrained_file(suffix, arguments["model"]))
    if for_demos and arguments.get("model", ".tflite").endswith(".tflite"):
        return _put_into_demos(arguments)
    if "output" not in arguments:
        raise InputError("name a folder for the files", setting="output")
    if "model" not in arguments:
        arguments["model"] = str(pretrained_file("keras"))
    if "sizes" in arguments:
        arguments["sizes"] = tuple(map(ImageSize.parse, arguments["sizes"]))
    settings = ExportSettings(**arguments)
    settings.check()
    import_tensorflow_quietly()
    from keras_f2a.export.exporter import export_generator

    result = export_generator(settings)
    print(f"\n{result.table}")
    print("\n".join(map(printable, result.files)))
    for row in result.missed:
        outcome = "kept by --allow-inexact" if settings.allow_inexact else "not kept"
        problem = "; ".join(row.shortcomings)
        print(f"export: error: {row.name}: {problem} ({outcome})", file=sys.stderr)
    failed = result.missed and not settings.allow_inexact
    return EXIT_WORK_FAILED if failed else EXIT_DONE


def _put_into_demos(arguments: dict) -> int:
    """Copy an exported file into the Android project, the web demo, or both."""
    from keras_f2a.export.demos import put_into_demos

    unsupported = sorted(arguments.keys() - {"model", "android", "web", "rules"})
    if unsupported:
        raise InputError("a .tflite file is already exported; omit this", setting=unsupported[0])
    model = arguments.get("model", pretrained_file("int8.tflite", PLACED_LIGHT))
    demos = {name: arguments.get(name) for name in DEMOS}
    files = put_into_demos(model, **demos, rules=arguments.get("rules", "auto"))
    print("\n".join(map(printable, files)))
    return EXIT_DONE


def add_options(parser: ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_settings(
        ExportSettings,
        [item.name for item in fields(ExportSettings) if item.name not in DEMOS],
        defaults={
            "model": f"a model of the package: {PLACED_LIGHT} for --web and --android alone, "
            f"otherwise the generator {GENERATOR}",
            "calibration_data": "the bundled scenes",
            "threads": "all cores",
        },
        options={"sizes": "--size"},
        groups=GROUPS,
    )
    for name, folder in DEMOS.items():
        parser.group("demos").add_argument(
            f"--{name}",
            nargs="?",
            const=folder,
            default=argparse.SUPPRESS,
            metavar="DIR",
            help=f"put the int8 file into the {folder} project (default: {folder}); with --model "
            "FILE.tflite, or without --model, this copies a finished file and exports nothing",
        )
