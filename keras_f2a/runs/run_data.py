"""The pairs of a training run, all checked before anything starts."""

import logging
from dataclasses import dataclass
from pathlib import Path

from keras_f2a.data.pairs import LoadedPairs, describe_pairs, load_pairs
from keras_f2a.runs.settings import TrainingSettings
from keras_f2a.support.errors import InputError
from keras_f2a.training.conditions import CONDITIONS
from keras_f2a.training.deepflash import with_filtered_images

_SMALLEST = 7  # SSIM's window
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class RunData:
    """Decoded pairs.

    Attributes:
        training: From the folder `train`.
        validation: From the folder `val` where there is one, else from `test`.
    """

    training: LoadedPairs
    validation: LoadedPairs

    def description(self) -> dict:
        """What `config.json` records of the pairs."""
        return {
            "training": describe_pairs(self.training),
            "validation": describe_pairs(self.validation),
        }


def load_run_data(settings: TrainingSettings) -> RunData:
    """Reads and checks the pairs for training and validation.

    Args:
        settings: Resolved settings.

    Raises:
        InputError: A folder is missing or pairs have problems; those of both folders at once.
    """
    data = Path(settings.data)
    if not data.is_dir():
        raise InputError(f"--data {data}: no such folder")
    validation = "val" if (data / "val").is_dir() else "test"
    minimum_sizes = {"train": settings.crops or _SMALLEST, validation: _SMALLEST}
    loaded, errors = [], []
    for folder, minimum_size in minimum_sizes.items():
        try:
            loaded.append(load_pairs(data / folder, minimum_size, settings.skip_bad_pairs))
        except InputError as error:
            errors.append(str(error))
    if errors:
        raise InputError("\n".join(errors))
    for folder, pairs in zip(minimum_sizes, loaded, strict=True):
        for problem in pairs.problems:
            _logger.warning(f"left out: {folder}/{problem}")
    training, held_out = loaded[0].first(settings.limit), loaded[1]
    if CONDITIONS[settings.condition].difference:
        training, held_out = with_filtered_images(training), with_filtered_images(held_out)
    return RunData(training, held_out)
