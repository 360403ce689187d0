"""What writes one format: from a generator and the settings to a file that can be run."""

import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from keras_f2a.support.atomic_file import named_file
from keras_f2a.support.printable import printable

from .about import About
from .generator import Generator
from .pairs import ExportPairs
from .probe import Run
from .settings import CompleteSettings, ImageSize

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Request:
    """What is to be written.

    Attributes:
        generator: The trained generator.
        settings: Of the export.
        pairs: For calibration and fine-tuning.
        size: The images' size; formats that take any size ignore it.
        about: What is known of the model.
    """

    generator: Generator
    settings: CompleteSettings
    pairs: ExportPairs
    size: ImageSize
    about: About


@dataclass(frozen=True)
class Description:
    """What a card says of a file.

    Attributes:
        metadata: What the file is; most formats hold it inside too.
        facts: What is inside, for example its operators.
    """

    metadata: dict[str, Any]
    facts: dict[str, Any] = field(default_factory=dict)


class Writer(Protocol):
    """One format. `export.writers` lists them."""

    def check(self, generator: Generator, about: About) -> None:
        """Check, before any work, that a generator can have this format.

        Raises:
            InputError: It cannot; the message says why.
        """

    def path(self, settings: CompleteSettings, size: ImageSize) -> Path:
        """Return where the file or folder goes, below the output folder."""

    def write(self, request: Request, target: Path) -> Description:
        """Write the file or folder.

        Args:
            request: What is to be written.
            target: A name that is not there yet.

        Raises:
            InputError: The format does not know this kind of generator.
            WorkError: The conversion failed, or made what the format must not hold.
        """

    def run(self, target: Path, images: np.ndarray, threads: int) -> Run:
        """Run what was written, in a process of its own.

        Args:
            target: The file or folder.
            images: float32 RGB in [0, 1], (number, height, width, 3).
            threads: Where the number can be chosen.

        Raises:
            WorkError: It does not run.
        """

    def finish(self, request: Request, path: Path) -> list[Path]:
        """Write what belongs to a file that has passed and got its name, outside of it.

        Args:
            request: What was written.
            path: The file or folder.

        Returns:
            The files; none for most formats.

        Raises:
            WorkError: One of them cannot be written.
        """


class FormatWriter:
    """A format that takes every generator and leaves nothing but its file or folder."""

    def check(self, generator: Generator, about: About) -> None:
        """See `Writer.check`."""

    def finish(self, request: Request, path: Path) -> list[Path]:
        """See `Writer.finish`."""
        return []


def write_beside(folder: Path, texts: dict[str, str], *, force: bool) -> list[Path]:
    """Write files that people change: one that is there and differs stays.

    Args:
        folder: Where they go.
        texts: What they hold, by their names.
        force: Whether one that differs is replaced.

    Returns:
        The files.

    Raises:
        WorkError: One of them cannot be written.
    """
    for name, text in texts.items():
        path = folder / name
        if path.exists() and not force:
            if path.read_bytes() != text.encode():
                _logger.warning(f"{printable(path)}: was changed and stays; `force` replaces it")
            continue
        with named_file(path, force=force) as temporary:
            temporary.write_text(text, encoding="utf-8")
    return [folder / name for name in texts]
