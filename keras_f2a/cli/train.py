"""`keras-f2a train`: trains a generator from pairs of photographs."""

import argparse

from keras_f2a.runs.options import add_training_options, settings_of
from keras_f2a.support.argument_parser import ArgumentParser
from keras_f2a.support.printable import printable
from keras_f2a.support.quiet_tensorflow import import_tensorflow_quietly

EXTRA = "train"
DESCRIPTION = (
    "Trains a generator that turns flash photographs into ambient ones. The defaults are the "
    "paper's settings. If a run is interrupted, the same command resumes it."
)


def run(options: argparse.Namespace) -> None:
    """Train with the given settings and print the paths of the results."""
    settings = settings_of(vars(options))
    import_tensorflow_quietly()
    from keras_f2a.runs import train

    result = train(settings)
    if not result.kept:
        print("training is done; the first worker has the results")
        return
    for name in "picture", "results", "generator":
        print(f"{name}: {printable(getattr(result, name))}")


def add_options(parser: ArgumentParser) -> None:
    """Add the command's options."""
    add_training_options(parser)
