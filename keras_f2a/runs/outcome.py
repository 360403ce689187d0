"""Writes the results of a finished run: the generator, its metrics and a picture."""

from keras_f2a.runs.checkpoint import final_weights, save_generator
from keras_f2a.runs.comparison import drop_alias, gain
from keras_f2a.runs.preparation import PreparedRun
from keras_f2a.runs.sample_picture import sample_picture
from keras_f2a.runs.training_result import TrainingResult
from keras_f2a.training.metrics import SCORES

_SAMPLE_COUNT = 8


def write_outcome(run: PreparedRun) -> TrainingResult:
    """Write `generator.keras`, `results.json` and `results.png` of a trained model.

    Raises:
        WorkError: The run should leave the best generator, which is missing or damaged.
    """
    directory, model = run.directory, run.model
    with final_weights(model, directory, run.settings.final):
        with directory.replacing(directory.generator) as temporary:
            save_generator(model, temporary)
        after = drop_alias(model.evaluate(run.validation_batches, verbose=0, return_dict=True))
        picture = sample_picture(model, run.validation.take(_SAMPLE_COUNT))
    with directory.replacing(directory.picture) as temporary:
        picture.save(temporary)
    untrained = run.history[0]
    flash = {name: untrained[f"val_flash_{name}"] for name in SCORES}
    metrics = {
        "flash": flash,
        # A score that was registered after the run had started is not known.
        "before": {n: untrained[f"val_{n}"] for n in after if f"val_{n}" in untrained},
        "after": after,
        "gain": gain({name: after[name] for name in SCORES}, flash),
    }
    result = TrainingResult(directory.generator, directory.picture, directory.results, metrics)
    recorded = {"metrics": metrics, "warnings": result.warnings()}
    directory.write_json(directory.results, {**recorded, "settings": run.settings.as_dict()})
    return result
