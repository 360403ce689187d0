"""`keras-f2a correct`: corrects photographs at their full size."""

import argparse
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path

from keras_f2a.correction.corrector import Corrector
from keras_f2a.correction.engines import needs_tensorflow
from keras_f2a.correction.photo_batch import correct_photos
from keras_f2a.correction.photo_plan import plan_photos
from keras_f2a.correction.settings import CorrectionSettings, OutputSettings, changed_settings
from keras_f2a.support.command_line import (
    EXIT_DONE,
    EXIT_WORK_FAILED,
    ArgumentParser,
    given_settings,
)
from keras_f2a.support.printable import printable

PAGE_NAME = "comparison.html"


EXTRA = None
DESCRIPTION = (
    "Turns flash photographs into ones that look lit by ambient light, at their full size and with "
    "their metadata. Files that cannot be read are reported and skipped."
)


def run(options: argparse.Namespace) -> int:
    """Corrects what the options name and prints a summary; returns the exit code."""
    given = given_settings(options, CorrectionSettings, OutputSettings)
    settings, output = changed_settings(given)
    # Pillow warns about oddities of a file's metadata, which no user can act on.
    warnings.filterwarnings("ignore", module="PIL")
    start = time.perf_counter()
    tasks = plan_photos(options.photos, options.output, options.recursive)
    corrector: Corrector | Callable[[], Corrector] = partial(Corrector, settings)
    if needs_tensorflow(settings.model):
        corrector = Corrector(settings)
    page = Path(options.output) / PAGE_NAME if options.page else None
    outcome = correct_photos(corrector, tasks, output, page=page)
    seconds = time.perf_counter() - start
    done = f"corrected {len(outcome.corrected)} of {len(tasks)}"
    done += f", skipped {len(outcome.failures)}" if outcome.failures else ""
    done += f", did not try {len(outcome.not_tried)}" if outcome.not_tried else ""
    print(f"{done} in {seconds:.1f} s; results: {printable(options.output)}")
    if page is not None:
        print(f"page: {printable(page)}")
    if options.timings:
        stages = (f"{stage} {seconds:.3f} s" for stage, seconds in outcome.seconds.items())
        print(f"time: {', '.join(stages)}")
    return EXIT_WORK_FAILED if outcome.failures else EXIT_DONE


def add_options(parser: ArgumentParser) -> None:
    """Adds the command's options."""
    add = parser.add_argument
    add("photos", nargs="+", metavar="PHOTO_OR_FOLDER", help="photographs, folders or patterns")
    add("--output", metavar="DIR", required=True, help="folder for the results")
    add("--recursive", action="store_true", help="search the folders inside the folders too")
    parser.add_settings(CorrectionSettings)
    parser.add_settings(OutputSettings)
    add("--page", action="store_true", help=f"write {PAGE_NAME}, with a divider to drag")
    add("--timings", action="store_true", help="print where the time went")
