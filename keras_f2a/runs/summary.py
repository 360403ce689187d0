"""What a user is told before a run's first step."""

from typing import TYPE_CHECKING

import numpy as np

from keras_f2a.data.pipeline import batch_groups
from keras_f2a.runs.devices import describe

if TYPE_CHECKING:
    from keras_f2a.runs.preparation import PreparedRun


def summary(run: "PreparedRun") -> list[str]:
    """The lines that a run begins with: data, devices, networks and warnings."""
    settings, data = run.settings, run.data
    crops = f"{settings.crop_size}×{settings.crop_size} crops"
    lines = [
        f"data           {settings.data}: {len(data.training)} training and "
        f"{len(data.validation)} validation pairs",
        f"condition      {settings.condition}, batches of {settings.batch_size}, "
        + ("whole images" if settings.whole_images else crops),
        f"devices        {describe(run.strategy)}, {settings.precision}",
    ]
    for name, network in run.model.networks().items():
        trained = sum(int(np.prod(v.shape)) for v in network.trainable_variables)
        total = network.count_params()
        lines.append(f"{name:<14} {total:,} parameters, {trained:,} trained")
    lines.append(f"run directory  {settings.run_dir}")
    if run.epochs_done:
        lines.append(f"goes on after epoch {run.epochs_done} of {settings.epochs}")
    return lines + [f"WARNING: {warning}" for warning in (*settings.warnings(), *_notes(run))]


def _notes(run: "PreparedRun") -> list[str]:
    """What of this run's data and directory a user must know."""
    notes = []
    groups = batch_groups(run.data.training, run.settings.crops)
    alone = sum(len(group) for group in groups if len(group) < run.settings.batch_size)
    if alone:
        notes.append(
            f"{alone} training pairs are of sizes that fill no batch of {run.settings.batch_size} "
            "and take no part"
        )
    if run.directory.lacks(run.directory.best_generator):
        notes.append(
            f"{run.directory.best_generator} is missing, and comes back only with an epoch that is "
            "better than all before"
        )
    return notes
