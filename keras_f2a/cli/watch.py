"""`keras-f2a watch`: corrects photographs as they arrive in a folder."""

import argparse

from keras_f2a.correction.settings import CorrectionSettings, OutputSettings
from keras_f2a.services.settings import WatchSettings
from keras_f2a.support.argument_parser import ArgumentParser, given_settings

EXTRA = "server"
DESCRIPTION = (
    "Corrects the photographs in a folder, and new ones as they arrive, until SIGTERM or "
    "Ctrl-C. A file that is still being written is left alone until it is complete. No file is "
    "replaced. Run the same command again to continue."
)


def run(options: argparse.Namespace) -> None:
    """Watch the folder until a signal stops the command."""
    from keras_f2a.services.watch import watch

    watch(
        options.photos,
        options.output,
        settings=WatchSettings(**given_settings(options, WatchSettings)),
        correction=CorrectionSettings(**given_settings(options, CorrectionSettings)),
        output=OutputSettings(**given_settings(options, OutputSettings)),
    )


def add_options(parser: ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("photos", metavar="FOLDER", help="folder to watch")
    parser.add_argument(
        "output", metavar="RESULTS", help="folder for the results; it may be inside FOLDER"
    )
    parser.add_settings(WatchSettings)
    parser.add_settings(CorrectionSettings)
    parser.add_settings(
        OutputSettings, ("quality", "compare", "keep_time", "mark_edited", "max_megapixels")
    )
