"""`keras-f2a serve`: corrects photographs that arrive over HTTP."""

import argparse

from keras_f2a.correction.settings import CorrectionSettings
from keras_f2a.services.settings import ServiceSettings
from keras_f2a.support.argument_parser import ArgumentParser, given_settings

EXTRA = "server"
DESCRIPTION = (
    "Corrects photographs that arrive over HTTP: POST /correct accepts a file and returns its "
    "corrected version. Correction settings given here apply if a request does not set them. "
    "SIGTERM or Ctrl-C stops the service after the requests in progress."
)


def run(options: argparse.Namespace) -> None:
    """Run the service until a signal stops it."""
    from keras_f2a.services.http_service import serve

    serve(
        ServiceSettings(**given_settings(options, ServiceSettings)),
        CorrectionSettings(**given_settings(options, CorrectionSettings)),
    )


def add_options(parser: ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_settings(ServiceSettings)
    parser.add_settings(CorrectionSettings)
