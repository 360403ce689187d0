"""Command: train a network for placed light on rendered views. See `--help`."""

import argparse
import os
from collections.abc import Sequence

from keras_f2a.runs.light_settings import PlacedLightSettings
from keras_f2a.support.argument_parser import ArgumentParser, given_settings
from keras_f2a.support.command_line import run_command
from keras_f2a.support.quiet_tensorflow import import_tensorflow_quietly

DESCRIPTION = (
    "Trains a network for placed light on the views of tools.render_views. If the run is "
    "interrupted, run the same command again to resume."
)


def parser() -> ArgumentParser:
    """Return the command's parser."""
    command = ArgumentParser(prog="python -m tools.train_placed_light", description=DESCRIPTION)
    command.extra = "train"
    command.add_settings(PlacedLightSettings)
    return command


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    options: argparse.Namespace = parser().parse_args(arguments)
    settings = PlacedLightSettings(**given_settings(options, PlacedLightSettings))
    if os.environ.setdefault("KERAS_BACKEND", "tensorflow") == "tensorflow":
        import_tensorflow_quietly()
    from keras_f2a.runs.light_run import train_placed_light

    result = train_placed_light(settings)
    print(f"network: {result.network}\nmodel card: {result.card}")


if __name__ == "__main__":
    run_command(main, parser())
