"""Trains a generator from pairs of photographs: one function from settings to files."""

import logging
from dataclasses import replace

from keras_f2a.runs.checked_run import check_run
from keras_f2a.runs.failures import failures_in_one_line
from keras_f2a.runs.fitting import fit
from keras_f2a.runs.outcome import write_outcome
from keras_f2a.runs.own_directory import own_directory
from keras_f2a.runs.preparation import prepare_run
from keras_f2a.runs.settings import TrainingSettings
from keras_f2a.runs.summary import summary
from keras_f2a.runs.training_result import TrainingResult, read_outcome
from keras_f2a.runs.workers.group import group_from_environment

_logger = logging.getLogger(__name__)


def train(settings: TrainingSettings) -> TrainingResult:
    """Train a generator, or resume a run that was interrupted.

    If it is called again with the same settings, the run resumes after its last finished epoch and
    ends with the same weights as if it had never stopped. It logs a summary, a line per epoch, and
    finally how the results compare with the flash photographs.

    Args:
        settings: The settings. The defaults are the paper's.

    Returns:
        The files that the run directory now holds, and the metrics.

    Raises:
        InputError: Settings, data or the run directory are not usable. Nothing was started.
        WorkError: The run could not be finished. Its last checkpoint is kept.
    """
    result = run_to_its_end(settings)
    if result.kept:
        _logger.info("\n".join(result.closing_lines()))
    return result


def run_to_its_end(settings: TrainingSettings) -> TrainingResult:
    """Do what `train` does, without logging the closing lines."""
    settings = settings.resolved()
    several = settings.machine.strategy == "multi_worker"
    group = group_from_environment() if several else None
    with own_directory(settings.run_dir, settings.final, group) as directory:
        checked = check_run(settings, directory, group)
        finished = read_outcome(settings, directory)
        if finished is not None:
            _logger.info(f"{settings.run_dir}: already trained")
            return replace(finished, kept=checked.is_chief)
        run = prepare_run(checked)
        if run.is_chief:
            _logger.info("\n".join(summary(run)))
        with failures_in_one_line(run):
            directory.write_json(directory.config, run.record)
            fit(run)
            return replace(write_outcome(run), kept=run.is_chief)


def check(settings: TrainingSettings) -> None:
    """Check everything that `train` checks before it builds a network, without training.

    Raises:
        InputError: Settings, data or the run directory are not usable.
        WorkError: A worker did not come in time.
    """
    settings = settings.resolved()
    several = settings.machine.strategy == "multi_worker"
    group = group_from_environment() if several else None
    with own_directory(settings.run_dir, settings.final, group) as directory:
        check_run(settings, directory, group)
