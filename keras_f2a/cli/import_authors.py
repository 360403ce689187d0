"""`keras-f2a import-authors`: turns the authors' PyTorch checkpoint into a generator."""

import argparse
from pathlib import Path

from keras_f2a.authors_generator import convert_checkpoint
from keras_f2a.support.argument_parser import ArgumentParser
from keras_f2a.support.atomic_file import check_writable, named_file
from keras_f2a.support.errors import InputError
from keras_f2a.support.printable import printable

EXTRA = "pytorch"
DESCRIPTION = "Turns the authors' PyTorch checkpoint into a Keras generator."


def add_options(parser: ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("checkpoint", help="the authors' model-1000.pth")
    parser.add_argument("--output", required=True, metavar="FILE", help="the .keras file to write")
    parser.add_argument("--force", action="store_true", help="replace the file if it exists")


def run(options: argparse.Namespace) -> None:
    """Convert the given checkpoint and print the path of the generator."""
    output = Path(options.output)
    if output.suffix != ".keras":
        raise InputError("the name must end in .keras", setting="output", value=output)
    check_writable(output, options.force)
    generator = convert_checkpoint(options.checkpoint)
    with named_file(output, force=options.force) as temporary:
        generator.save(temporary)
    print(f"generator: {printable(output)}")
