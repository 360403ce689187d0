"""`keras-f2a reproduce`: trains and prints the paper's tables on any pairs."""

import argparse

from keras_f2a.runs.options import GROUPS
from keras_f2a.runs.settings import TrainingSettings
from keras_f2a.support.argument_parser import ArgumentParser
from keras_f2a.support.printable import printable
from keras_f2a.support.quiet_tensorflow import import_tensorflow_quietly
from keras_f2a.training.conditions import CONDITIONS

_OUTPUT = {"run_dir": "runs/reproduce"}
# The settings that users may choose. The conditions set the rest.
_SETTINGS = (
    *("run_dir", "data", "epochs", "width", "limit", "batch_size", "crop_size"),
    *("augmentation", "encoder_weights", "preprocessing", "initialization", "adversarial_weight"),
    *("generator_learning_rate", "discriminator_learning_rate", "validate_every", "precision"),
    "seed",
)


EXTRA = "train"
DESCRIPTION = (
    "Trains DeepFlash, the paper's four conditions and pix2pix, compares them with LIME, SRIE and "
    "an intrinsic decomposition, and prints Tables 1 and 2 with the paper's figures next to ours "
    "and a table of related work. Everything goes to the folder --output. If the command is "
    "interrupted, run it again; it resumes."
)


def run(options: argparse.Namespace) -> None:
    """Train the missing conditions and print the tables and the paths of the files."""
    arguments = dict(vars(options))
    conditions = arguments.pop("conditions")
    settings = TrainingSettings(**{**_OUTPUT, **arguments})
    import_tensorflow_quietly()
    from keras_f2a.evaluation.reproduction import reproduce
    from keras_f2a.evaluation.table_formats import as_markdown, remark_lines

    result = reproduce(settings, conditions)
    print("\n" + "\n".join([*map(as_markdown, result.tables), *remark_lines(result.remarks)]))
    print("\n".join(map(printable, result.files)))


def add_options(parser: ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_settings(
        TrainingSettings,
        _SETTINGS,
        defaults=_OUTPUT,
        options={"run_dir": "--output"},
        groups=GROUPS,
    )
    parser.add_argument(
        "--conditions",
        nargs="+",
        default=tuple(CONDITIONS),
        metavar="NAME",
        help=f"rows to train: {', '.join(CONDITIONS)} (default: all)",
    )
