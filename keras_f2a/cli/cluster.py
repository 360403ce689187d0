"""`keras-f2a cluster`: corrects archives or trains on many machines with Ray."""

import argparse

from keras_f2a.correction.flash_share import no_flash_summary
from keras_f2a.correction.settings import CorrectionSettings, OutputSettings, changed_settings
from keras_f2a.runs.options import add_training_options, settings_of
from keras_f2a.support.argument_parser import ArgumentParser, given_settings
from keras_f2a.support.printable import printable
from keras_f2a.support.process import EXIT_DONE, EXIT_WORK_FAILED
from keras_f2a.support.quiet_tensorflow import import_tensorflow_quietly

EXTRA = "ray"
DESCRIPTION = "Corrects or trains on many machines or in many processes; needs the ray extra."


def add_options(parser: ArgumentParser) -> None:
    """Add the jobs, each with its own options."""
    jobs = parser.add_subparsers(
        dest="job", metavar="job", required=True, help="what to do; each has its own --help"
    )
    for name, text, fill in (
        ("correct", _CORRECT, _add_correct_options),
        ("train", _TRAIN, _add_train_options),
    ):
        summary = text.split(".")[0]
        jobs.add_parser(name, help=summary[0].lower() + summary[1:], description=text, fill=fill)


def run(options: argparse.Namespace) -> int:
    """Run the chosen job, print a summary and return the exit code."""
    job_options = argparse.Namespace(**vars(options))
    del job_options.job
    return _correct(job_options) if options.job == "correct" else _train(job_options)


_CORRECT = (
    "Corrects archives of photographs on one machine or many. Subfolders are "
    "searched too. Photographs that already have a result are skipped. If the job is interrupted, "
    "run the same command again; it resumes."
)
_TRAIN = (
    "Trains like keras-f2a train, but with several processes on one machine or many. If a process "
    "is lost, all processes restart after the last finished epoch."
)


def _correct(options: argparse.Namespace) -> int:
    from keras_f2a.distributed.archive import correct_archive

    changes = given_settings(options, CorrectionSettings, OutputSettings)
    settings, output = changed_settings(changes)
    outcome = correct_archive(
        options.sources,
        options.output,
        workers=options.workers,
        address=options.address,
        settings=settings,
        output_settings=output,
    )
    total = outcome.corrected + outcome.finished + len(outcome.failures) + outcome.not_tried
    summary = f"corrected {outcome.corrected:,} of {total:,}"
    summary += f", {outcome.finished:,} finished before" if outcome.finished else ""
    summary += f", skipped {len(outcome.failures):,}" if outcome.failures else ""
    summary += f", did not try {outcome.not_tried:,}" if outcome.not_tried else ""
    print(f"{summary} in {outcome.seconds:.1f} s; results: {printable(options.output)}")
    if outcome.left:
        print(no_flash_summary(outcome.left))
    if outcome.report:
        print(f"report: {printable(outcome.report)}")
    is_complete = outcome.report and not outcome.failures and not outcome.not_tried
    return EXIT_DONE if is_complete else EXIT_WORK_FAILED


def _add_correct_options(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("sources", nargs="+", metavar="SOURCE", help="folders, photographs, s3:// or other URLs")
    add("--output", metavar="TARGET", required=True, help="folder or URL for the results")
    _add_worker_options(parser, "number of processes (default: one for each core)")
    parser.add_settings(CorrectionSettings)
    parser.add_settings(
        OutputSettings, ("force", "quality", "keep_time", "mark_edited", "max_megapixels")
    )


def _train(options: argparse.Namespace) -> int:
    arguments = vars(options)
    worker_options = {
        name: arguments.pop(name) for name in ("workers", "gpus_per_worker", "address")
    }
    settings = settings_of(arguments)
    import_tensorflow_quietly()
    from keras_f2a.distributed.training import train_with_workers

    run_dir = train_with_workers(settings, worker_options.pop("workers"), **worker_options)
    print(f"trained; the results are in {printable(run_dir)}")
    return EXIT_DONE


def _add_train_options(parser: ArgumentParser) -> None:
    _add_worker_options(
        parser, "number of processes; each takes its share of every batch", required=True
    )
    parser.add_argument(
        "--gpus-per-worker",
        type=int,
        default=0,
        metavar="G",
        help="GPUs of each process (default: 0)",
    )
    add_training_options(parser, without=("strategy", "virtual_devices"))


def _add_worker_options(parser: ArgumentParser, workers: str, required: bool = False) -> None:
    parser.add_argument(
        "--workers", type=_positive_int, required=required, metavar="N", help=workers
    )
    parser.add_argument(
        "--address",
        metavar="HOST",
        help="address of a Ray cluster, HOST:PORT or auto (default: starts Ray on this machine)",
    )


def _positive_int(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a positive number")
    return value
