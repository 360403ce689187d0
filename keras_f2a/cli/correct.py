"""`keras-f2a correct`: corrects photographs at their full size."""

import argparse
import time

from keras_f2a.correction.flash_share import no_flash_summary
from keras_f2a.correction.folder_contents import PAGE_NAME
from keras_f2a.correction.photos_on_disk import correct_photos
from keras_f2a.correction.settings import CorrectionSettings, OutputSettings
from keras_f2a.support.argument_parser import ArgumentParser, given_settings
from keras_f2a.support.printable import printable
from keras_f2a.support.process import EXIT_DONE, EXIT_WORK_FAILED, use_one_blas_thread

EXTRA = None
GROUPS = {
    "light": ("light", "strength", "brightness", "warmth", "red_eyes", "rules"),
    "results": ("force", "resume", "quality", "compare", "keep_time", "mark_edited"),
    "rarely needed": ("working_size", "max_megapixels"),
}
"""Headings of the help text, each with its settings."""
DESCRIPTION = (
    "Turns flash photographs into ones that look lit by ambient light, at their full size and with "
    "their metadata. Files that cannot be read are reported and skipped. Photographs that already "
    "have a result are skipped. If the command is interrupted, run it again; it resumes."
)


def run(options: argparse.Namespace) -> int:
    """Correct the given photographs, print a summary and return the exit code."""
    start = time.perf_counter()
    use_one_blas_thread()
    outcome = correct_photos(
        options.photos,
        options.output,
        recursive=options.recursive,
        page=options.page,
        **given_settings(options, CorrectionSettings, OutputSettings),
    )
    seconds = time.perf_counter() - start
    summary = f"corrected {len(outcome.corrected):,} of {outcome.total:,}"
    summary += f", {len(outcome.finished):,} finished before" if outcome.finished else ""
    summary += f", skipped {len(outcome.failures):,}" if outcome.failures else ""
    summary += f", did not try {len(outcome.not_tried):,}" if outcome.not_tried else ""
    print(f"{summary} in {seconds:.1f} s; results: {printable(options.output)}")
    if outcome.left:
        print(no_flash_summary(outcome.left))
    if outcome.page is not None:
        print(f"page: {printable(outcome.page)}")
    if options.timings:
        stages = (f"{stage} {seconds:.3f} s" for stage, seconds in outcome.seconds.items())
        print(f"time: {', '.join(stages)}")
    return EXIT_WORK_FAILED if outcome.failures else EXIT_DONE


def add_options(parser: ArgumentParser) -> None:
    """Add the command's options."""
    add = parser.add_argument
    add("photos", nargs="+", metavar="PHOTO_OR_FOLDER", help="photographs, folders or patterns")
    add(
        "--output",
        metavar="DIR",
        required=True,
        help="folder for the results; for one photograph it can be a file",
    )
    add("--recursive", action="store_true", help="search subfolders")
    parser.add_settings(CorrectionSettings, groups=GROUPS)
    parser.add_settings(OutputSettings, groups=GROUPS)
    parser.group("results").add_argument(
        "--page", action="store_true", help=f"write {PAGE_NAME}, a before/after page with dividers"
    )
    parser.group("rarely needed").add_argument(
        "--timings", action="store_true", help="print how long each step took"
    )
