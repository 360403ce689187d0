"""The interface of the writers, which turn a generator into a file of one format."""

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
    """The input of a writer.

    Attributes:
        generator: The trained generator.
        settings: Settings of the export.
        pairs: Pairs for calibration and fine-tuning.
        size: Size of the images. Formats for any size ignore it.
        about: The description of the model.
    """

    generator: Generator
    settings: CompleteSettings
    pairs: ExportPairs
    size: ImageSize
    about: About


@dataclass(frozen=True)
class Description:
    """A file's description for its card.

    Attributes:
        metadata: The file's metadata. Most formats also have it inside the file.
        facts: Facts about the file's content, for example its operators.
    """

    metadata: dict[str, Any]
    facts: dict[str, Any] = field(default_factory=dict)


class Writer(Protocol):
    """The writer of one format. `export.writers` lists them."""

    def check(self, generator: Generator, about: About) -> None:
        """Check, before any work, that a generator can be exported to this format.

        Raises:
            InputError: It cannot. The message gives the reason.
        """

    def path(self, settings: CompleteSettings, size: ImageSize) -> Path:
        """Return the path of the file or folder, relative to the output folder."""

    def write(self, request: Request, target: Path) -> Description:
        """Write the file or folder.

        Args:
            request: What to write.
            target: A path that does not exist yet.

        Raises:
            InputError: The format does not support this kind of generator.
            WorkError: The conversion failed, or its result is not allowed in the format.
        """

    def run(self, target: Path, images: np.ndarray, threads: int) -> Run:
        """Run the file or folder in a separate process.

        Args:
            target: The file or folder.
            images: float32 RGB in [0, 1], (number, height, width, 3).
            threads: Number of threads, if the runtime lets it be set.

        Raises:
            WorkError: The file does not run.
        """

    def finish(self, request: Request, path: Path) -> list[Path]:
        """Write additional files for a file that has passed its gate.

        Args:
            request: The request that was written.
            path: The file or folder.

        Returns:
            The additional files. Most formats have none.

        Raises:
            WorkError: A file cannot be written.
        """


class FormatWriter:
    """Base class of writers that accept every generator and write no additional files."""

    def check(self, generator: Generator, about: About) -> None:
        """See `Writer.check`."""

    def finish(self, request: Request, path: Path) -> list[Path]:
        """See `Writer.finish`."""
        return []


def write_beside(folder: Path, texts: dict[str, str], *, force: bool) -> list[Path]:
    """Write files that people may edit, and keep existing ones.

    Args:
        folder: The folder for the files.
        texts: The files' contents by name.
        force: Replace existing files.

    Returns:
        The files.

    Raises:
        WorkError: A file cannot be written.
    """
    for name, text in texts.items():
        path = folder / name
        if path.exists() and not force:
            if path.read_bytes() != text.encode():
                _logger.warning(f"{printable(path)}: was changed and is kept; `force` replaces it")
            continue
        with named_file(path, force=force) as temporary:
            temporary.write_text(text, encoding="utf-8")
    return [folder / name for name in texts]
