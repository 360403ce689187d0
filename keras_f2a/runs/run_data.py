"""The pairs of a training run, all checked before anything starts."""

import logging
from dataclasses import dataclass

from keras_f2a.data.pair_files import split_folders
from keras_f2a.data.pairs import LoadedPairs
from keras_f2a.data.pipeline import batch_groups
from keras_f2a.data.scenes import BUNDLED_SCENES
from keras_f2a.data.settings import PairSettings
from keras_f2a.data.streamed_pairs import StreamedPairs, open_pairs
from keras_f2a.support.errors import InputError
from keras_f2a.training.metrics import SSIM_WINDOW

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class RunData:
    """The training and validation pairs of a run.

    Attributes:
        training: Pairs from the folder `train`.
        validation: Pairs from the folder `val` if there is one, otherwise from `test`.
        settings: How the pairs are cropped, augmented and batched.
        description: What `config.json` records about the pairs.
        groups: Indices of the training pairs that may share a batch.
    """

    training: LoadedPairs | StreamedPairs
    validation: LoadedPairs | StreamedPairs
    settings: PairSettings
    description: dict
    groups: list[list[int]]

    @property
    def steps(self) -> int:
        """Number of full batches in an epoch."""
        return sum(len(group) // self.settings.batch_size for group in self.groups)

    @property
    def too_few(self) -> int:
        """Number of training pairs whose size is too rare to fill a batch."""
        sizes = map(len, self.groups)
        return sum(size for size in sizes if size < self.settings.batch_size)

    @property
    def failure(self) -> InputError | None:
        """Why a pair could not be read from its file during the run, or `None`."""
        streamed = (self.training, self.validation)
        return next(
            (p.failure for p in streamed if isinstance(p, StreamedPairs) and p.failure), None
        )


def load_run_data(settings: PairSettings) -> RunData:
    """Read and check the pairs for training and validation.

    Args:
        settings: Resolved settings.

    Raises:
        InputError: A folder is missing, pairs have problems (the message lists those of both
            folders), or they do not fill a batch.
    """
    folders = split_folders(settings.data or BUNDLED_SCENES, "data")
    minimum_sizes = (settings.crops or SSIM_WINDOW, SSIM_WINDOW)
    loaded, errors = [], []
    for folder, minimum, limit in zip(folders, minimum_sizes, (settings.limit, None), strict=True):
        try:
            loaded.append(
                open_pairs(
                    folder,
                    minimum,
                    skip_bad_pairs=settings.skip_bad_pairs,
                    limit=limit,
                    memory_limit=settings.memory_limit,
                )
            )
        except InputError as error:
            errors.append(str(error))
    if errors:
        raise InputError("; ".join(errors))
    for folder, pairs in zip(folders, loaded, strict=True):
        for problem in pairs.problems:
            _logger.warning(f"left out: {folder.name}/{problem}")
    training, validation = loaded
    description = {"training": training.description(), "validation": validation.description()}
    groups = batch_groups(training, settings.crops)
    largest = max(map(len, groups))
    if settings.batch_size > largest:
        condition = " of one size" if settings.whole_images else ""
        raise InputError(
            f"more than the {largest} training pairs{condition} in {settings.data}; use "
            f"`batch_size={largest}` or less",
            setting="batch_size",
            value=settings.batch_size,
        )
    return RunData(training, validation, settings, description, groups)
