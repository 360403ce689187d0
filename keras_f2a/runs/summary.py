"""The summary that a user sees before a run's first step."""

from typing import TYPE_CHECKING

import numpy as np

from keras_f2a.runs.devices import describe

if TYPE_CHECKING:
    from keras_f2a.runs.preparation import PreparedRun


def summary(run: "PreparedRun") -> list[str]:
    """Return the lines that a run starts with: data, devices, networks and warnings."""
    settings, data = run.settings, run.data
    pairs = settings.pairs
    crops = f"{pairs.crop_size}×{pairs.crop_size} crops"
    lines = [
        f"data           {pairs.data}: {len(data.training)} training and "
        f"{len(data.validation)} validation pairs",
        f"condition      {settings.objective.condition}, batches of {pairs.batch_size}, "
        + ("whole images" if pairs.whole_images else crops),
        f"devices        {describe(run.strategy)}, {settings.machine.precision}",
    ]
    discriminator = getattr(run.model, "discriminator", None)
    for name, network in {"generator": run.model.generator, "discriminator": discriminator}.items():
        if network is None:
            continue
        trained = sum(int(np.prod(variable.shape)) for variable in network.trainable_variables)
        total = network.count_params()
        lines.append(f"{name:<14} {total:,} parameters, {trained:,} trained")
    lines.append(f"run directory  {settings.run_dir}")
    if run.epochs_done:
        lines.append(f"resumes after epoch {run.epochs_done} of {settings.epochs}")
    return lines + [f"WARNING: {warning}" for warning in (*run.warnings, *_data_warnings(run))]


def _data_warnings(run: "PreparedRun") -> list[str]:
    """Return what a user must know about this run's data and directory."""
    notes = []
    if run.data.too_few:
        size = run.settings.pairs.batch_size
        notes.append(
            f"{run.data.too_few} training pairs have sizes that do not fill a batch of {size}; "
            "they are not used"
        )
    if run.directory.is_missing(run.directory.best_generator):
        notes.append(
            f"{run.directory.best_generator} is missing; training writes it again only after an "
            "epoch that is better than all before"
        )
    return notes
