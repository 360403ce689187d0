"""All settings of a training run for placed light. Importing them needs no Keras."""

from dataclasses import dataclass

from keras_f2a.data.light_batches import LightDataSettings
from keras_f2a.light_training.settings import LightTrainingSettings
from keras_f2a.support.nested_settings import NestedSettings, part
from keras_f2a.support.settings import documented, setting

_LARGEST_SEED = 2**32 - 1  # NumPy's limit


@documented
@dataclass(frozen=True, init=False)
class PlacedLightSettings(NestedSettings):
    """The settings of `keras_f2a.runs.light_run.train_placed_light`, passed by name."""

    run_dir: str = setting(
        "runs/placed_light",
        "folder for the run; an unfinished run in it resumes",
        metavar="DIR",
    )
    epochs: int = setting(60, "passes over the training views", at_least=1)
    seed: int = setting(
        0, "seed of weights, order and augmentation", at_least=0, at_most=_LARGEST_SEED
    )
    validate_every: int = setting(1, "epochs between scores on the held-out views", at_least=1)
    start_from: str | None = setting(
        None,
        "start with the weights of a .keras file, of a finished run's folder, or of "
        "placed_light_v3",
        metavar="FILE",
    )
    data: LightDataSettings = part(LightDataSettings)
    training: LightTrainingSettings = part(LightTrainingSettings)
