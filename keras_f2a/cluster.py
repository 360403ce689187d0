"""`python -m keras_f2a.cluster`: corrects archives and trains on many machines, on Ray."""

import argparse
import sys
from collections.abc import Sequence

from keras_f2a.correction.options import CORRECTOR_OPTIONS, add_correction_options
from keras_f2a.support.command_line import EXIT_DONE, EXIT_WORK_FAILED, ArgumentParser, run_command
from keras_f2a.support.printable import printable


def main(arguments: Sequence[str] | None = None) -> int:
    """Does what the command line names and prints a summary; returns the exit code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    named = bool(arguments) and arguments[0] in _JOBS
    options = _parser(arguments).parse_args(arguments[named:])
    return _JOBS[arguments[0]][0](options)


def _correct(options: argparse.Namespace) -> int:
    from keras_f2a.distributed.archive import correct_archive

    outcome = correct_archive(
        options.sources,
        options.output,
        workers=options.workers,
        address=options.address,
        model=options.model,
        force=options.force,
        quality=options.quality,
        max_megapixels=options.max_megapixels,
        **{name: vars(options)[name] for name in CORRECTOR_OPTIONS},
    )
    total = outcome.corrected + outcome.finished + len(outcome.failures) + outcome.not_tried
    done = f"corrected {outcome.corrected:,} of {total:,}"
    done += f", {outcome.finished:,} finished before" if outcome.finished else ""
    done += f", skipped {len(outcome.failures):,}" if outcome.failures else ""
    done += f", did not try {outcome.not_tried:,}" if outcome.not_tried else ""
    print(f"{done} in {outcome.seconds:.1f} s; results: {printable(options.output)}")
    print(f"report: {printable(outcome.report)}")
    return EXIT_WORK_FAILED if outcome.failures or outcome.not_tried else EXIT_DONE


def _correct_parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="keras_f2a.cluster correct",
        description="Corrects archives of photographs on one machine or many. Folders are searched "
        "with all folders inside them; what has a result is passed over, so that the same command "
        "goes on with a job that was stopped.",
    )
    add = parser.add_argument
    add("sources", nargs="+", metavar="SOURCE", help="folders, photographs, s3:// or other URLs")
    add("--output", metavar="TARGET", required=True, help="folder or URL for the results")
    _add_crew(parser, "processes (default: one for each core)")
    add_correction_options(parser)
    return parser


def _add_crew(parser: ArgumentParser, workers: str) -> None:
    parser.add_argument("--workers", type=_count, metavar="N", help=workers)
    parser.add_argument(
        "--address",
        metavar="HOST",
        help="of a Ray cluster, HOST:PORT or auto (default: starts Ray on this machine)",
    )


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a positive number")
    return value


def _parser(arguments: Sequence[str] | None = None) -> ArgumentParser:
    """The parser of the job that is named, or of the command where none is."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments and arguments[0] in _JOBS:
        return _JOBS[arguments[0]][1]()
    parser = ArgumentParser(
        prog="keras_f2a.cluster",
        description="Works on many machines, or with many processes on one; needs the extra ray.",
    )
    parser.add_argument("job", choices=_JOBS, help="what to do; each has its own --help")
    return parser


_JOBS = {"correct": (_correct, _correct_parser)}
"""What can be done, and with which options."""


if __name__ == "__main__":
    run_command(main, _parser())
