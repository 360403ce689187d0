"""`keras-f2a card`: writes the model card that a hub shows next to a model."""

import argparse

from keras_f2a.model_files.bundled import GENERATOR, pretrained_file
from keras_f2a.support.argument_parser import ArgumentParser
from keras_f2a.support.printable import printable

EXTRA = "hub"
DESCRIPTION = (
    "Writes a model card with the front matter that hubs read: library, task, license, and scores "
    "with intervals. The scores come from the JSON card beside an exported file and from the "
    "results.json files of keras-f2a evaluate."
)


def run(options: argparse.Namespace) -> None:
    """Write the model card and print its path."""
    from keras_f2a.evaluation.model_card import write_model_card

    path = write_model_card(
        options.model or pretrained_file("keras"),
        options.output,
        license=options.license,
        evaluations=options.evaluations,
        method=options.method,
        repository=options.repository,
        force=options.force,
    )
    print(f"card: {printable(path)}")


def add_options(parser: ArgumentParser) -> None:
    """Add the command's options."""
    add = parser.add_argument
    add(
        "--model",
        metavar="FILE",
        help="a .keras file, run directory, or exported file with its card (default: the generator "
        f"{GENERATOR})",
    )
    add("--output", required=True, metavar="FILE", help="the Markdown file; hubs expect README.md")
    add(
        "--license",
        metavar="NAME",
        help="license of the weights, for example cc-by-4.0; not needed for the package's models",
    )
    add(
        "--evaluations",
        nargs="+",
        default=(),
        metavar="FILE",
        help="results.json files of keras-f2a evaluate",
    )
    add(
        "--method",
        metavar="LABEL",
        help="the model's name in the --evaluations files, if it differs from its file's name",
    )
    add(
        "--repository",
        metavar="USER/NAME",
        help="where you will publish the model, for the examples",
    )
    add("--force", action="store_true", help="replace the file if it exists")
