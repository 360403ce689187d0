"""`keras-f2a evaluate`: compares methods on pairs of photographs in one table."""

import argparse
import sys
from pathlib import Path

from keras_f2a.data.scenes import BUNDLED_SCENES
from keras_f2a.support.argument_parser import ArgumentParser
from keras_f2a.support.printable import printable

_METHODS = ("flash", "lime", "srie", "ours")
EXTRA = "evaluate"
DESCRIPTION = (
    "Measures methods on pairs of flash and ambient photographs: how their results look beside the "
    "flash photograph, how the light compares, and how they score in the paper's protocol. Writes "
    "numbers, tables and a page of pictures."
)


def run(options: argparse.Namespace) -> None:
    """Evaluate the given methods and print the tables and the paths of the files."""
    # The module of a user's own `module:function` may be in the current folder.
    sys.path.insert(0, str(Path.cwd()))
    from keras_f2a.evaluation.comparison import compare
    from keras_f2a.evaluation.table_formats import as_markdown, remark_lines

    comparison = compare(
        Path(options.data) / options.split,
        options.methods,
        options.output,
        baseline=options.baseline,
        limit=options.limit,
        ambient_noise=options.ambient_noise,
        ambient_input=options.ambient_input,
        preference=options.preference,
        viewers=options.viewers,
        force=options.force,
    )
    print("\n".join([*map(as_markdown, comparison.tables), *remark_lines(comparison.remarks)]))
    print("\n".join(map(printable, comparison.files)))


def add_options(parser: ArgumentParser) -> None:
    """Add the command's options."""
    add = parser.add_argument
    add(
        "--data",
        default=str(BUNDLED_SCENES),
        metavar="DIR",
        help="folder with a subfolder of pairs, such as test/ (default: the bundled scenes)",
    )
    add("--split", default="test", metavar="NAME", help="subfolder of --data (default: test)")
    add(
        "--methods",
        default=_METHODS,
        nargs="+",
        metavar="METHOD",
        help="flash (the unchanged photograph); ours (the default model as keras-f2a correct "
        "applies it), ours-network (its network alone) and light_v2 (the generator alone); lime, "
        "lime-gamma-0.7, srie, intrinsic; ambient, petschnigg, eisemann, eisemann-cast-1, agrawal, "
        "agrawal-flash, which also see the ambient photograph and are listed separately; a run "
        "directory, a .keras, .tflite or .onnx file, or module:function "
        f"(default: {' '.join(_METHODS)})",
    )
    add("--output", required=True, metavar="DIR", help="folder for the report")
    add("--baseline", metavar="NAME", help="method that differences refer to (default: the first)")
    add("--limit", type=int, metavar="N", help="measure the first N pairs only")
    add(
        "--preference",
        nargs="+",
        default=(),
        metavar=("KEY", "ANSWERS"),
        help="the key of a blind choice that keras-f2a prefer drew, then each viewer's file of "
        "answers; its table comes first",
    )
    add("--viewers", metavar="TEXT", help="who or what the viewers of --preference were")
    add(
        "--ambient-noise",
        type=float,
        metavar="EV",
        help="give the methods that see the ambient photograph a version taken with this many "
        "stops less light: noisy, 8-bit, developed to the original brightness; without this option "
        "they see the target itself and need only copy it",
    )
    add(
        "--ambient-input",
        action="store_true",
        help="also measure how much methods change ambient photographs, which should stay as they "
        "are; doubles the time",
    )
    add("--force", action="store_true", help="replace a report in the folder")
