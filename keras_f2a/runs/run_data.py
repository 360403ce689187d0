"""The pairs of a training run, all checked before anything starts."""

import logging
from dataclasses import dataclass

from keras_f2a.data.pairs import LoadedPairs, describe_pairs, load_pairs, split_folders
from keras_f2a.data.scenes import BUNDLED_SCENES
from keras_f2a.runs.settings import TrainingSettings
from keras_f2a.support.errors import InputError

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
    folders = split_folders(settings.data or BUNDLED_SCENES, "data")
    loaded, errors = [], []
    for folder, minimum_size in zip(folders, (settings.crops or _SMALLEST, _SMALLEST), strict=True):
        try:
            loaded.append(load_pairs(folder, minimum_size, settings.skip_bad_pairs))
        except InputError as error:
            errors.append(str(error))
    if errors:
        raise InputError("\n".join(errors))
    for folder, pairs in zip(folders, loaded, strict=True):
        for problem in pairs.problems:
            _logger.warning(f"left out: {folder.name}/{problem}")
    return RunData(loaded[0].first(settings.limit), loaded[1])
