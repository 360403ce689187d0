"""`keras-f2a evaluate`: puts methods into one table on pairs of photographs."""

import argparse
import sys
from pathlib import Path

from keras_f2a.support.command_line import ArgumentParser
from keras_f2a.support.printable import printable

EXTRA = "evaluate"
DESCRIPTION = (
    "Scores methods against the ambient photographs of flash and ambient pairs, in the paper's "
    "protocol, and writes numbers, tables and a page of pictures."
)


def run(options: argparse.Namespace) -> None:
    """Evaluates what the options name and prints the tables and where the files are."""
    # The module of a user's own `module:function` may lie in the folder they call from.
    sys.path.insert(0, str(Path.cwd()))
    from keras_f2a.evaluation.report import compare
    from keras_f2a.evaluation.table_formats import as_markdown
    from keras_f2a.evaluation.tables import all_tables

    evaluation, files = compare(
        Path(options.data) / options.split,
        options.methods,
        options.output,
        baseline=options.baseline,
        limit=options.limit,
        ambient_noise=options.ambient_noise,
        ambient_input=options.ambient_input,
    )
    print("\n".join(map(as_markdown, all_tables(evaluation))))
    print("\n".join(map(printable, files)))


def add_options(parser: ArgumentParser) -> None:
    """Adds the command's options."""
    add = parser.add_argument
    add("--data", required=True, metavar="DIR", help="folder with the splits' folders of pairs")
    add("--split", default="test", metavar="NAME", help="folder in --data (default: test)")
    add(
        "--methods",
        required=True,
        nargs="+",
        metavar="METHOD",
        help="flash, lime, lime-gamma-0.7, srie, intrinsic; ambient, petschnigg, eisemann, "
        "eisemann-cast-1, agrawal, agrawal-flash, which see the ambient photograph too and stand "
        "apart; a run directory, a .keras or .tflite file, or module:function",
    )
    add("--output", required=True, metavar="DIR", help="where the report goes")
    add("--baseline", metavar="NAME", help="what differences refer to (default: the first method)")
    add("--limit", type=int, metavar="N", help="take only the first N pairs")
    add(
        "--ambient-noise",
        type=float,
        metavar="EV",
        help="methods that see the ambient photograph see it as taken with so many stops less "
        "light: noisy, 8 bit, developed to its brightness; without this they see the target itself "
        "and need only copy it",
    )
    add(
        "--ambient-input",
        action="store_true",
        help="also measure what becomes of the ambient photographs as input, which should stay as "
        "they are; takes the same time again",
    )
