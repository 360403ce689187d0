"""Folders that photographs come from and results go to, behind one small interface."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from keras_f2a.imaging.decoders import open_image
from keras_f2a.imaging.photo_output import check_target
from keras_f2a.support.atomic_file import temporary_path
from keras_f2a.support.errors import InputError, one_line

Failure = tuple[str, str]
"""(path, reason) of a photograph that was not corrected."""


class Folder(Protocol):
    """A folder whose files have names relative to it, with `/` between their parts."""

    @property
    def location(self) -> str:
        """The folder as the user named it."""

    def list_files(self) -> tuple[list[str], list[Failure]]:
        """Return the names of all files in it and below, and the folders that cannot be searched.

        Both are empty if the folder does not exist.

        Raises:
            InputError: It cannot be searched.
        """

    def display_path(self, name: str) -> str:
        """Return a file's full path, for messages."""

    def exists(self, name: str) -> bool:
        """Return whether there is a file of this name."""

    def ignores_case(self) -> bool:
        """Return whether `a.jpg` and `A.JPG` are one file in it, as on most desktop systems."""

    def is_photograph(self, name: str, source: str) -> bool:
        """Return whether a result would be the photograph's own file.

        Args:
            name: The result's name.
            source: The photograph's path.
        """

    def has_result(self, name: str, source: str) -> bool:
        """Return whether a photograph's complete result exists.

        Args:
            name: The result's name.
            source: The photograph's path. The photograph itself does not count as its result.
        """

    def check_target(self, name: str, force: bool) -> None:
        """Check that a result can be written, before any work is spent on it.

        Raises:
            InputError: It cannot, or it exists and `force` is not set.
        """

    def fetch(self, name: str, scratch: Path) -> Path:
        """Return a local file with the content of a file in the folder.

        Args:
            name: The file's name.
            scratch: A local folder for a copy, if one is needed.
        """

    def stage(self, name: str, scratch: Path, *, force: bool) -> AbstractContextManager[Path]:
        """Yield a local path to write a file to, which is in the folder when the block ends.

        Args:
            name: The file's name.
            scratch: A local folder for the file until then.
            force: Whether to replace an existing file, even one that appears during the block. On
                disk, who writes the file decides this.
        """


@dataclass(frozen=True)
class DiskFolder:
    """A folder that this machine sees as a path.

    Attributes:
        location: The path. If it is empty, names are paths themselves.
    """

    location: str = ""

    def list_files(self) -> tuple[list[str], list[Failure]]:
        """See `Folder.list_files`. Links to folders are not followed."""
        names, failures = [], []

        def handle(error: OSError) -> None:
            if error.filename != self.location:
                failures.append((error.filename, f"cannot be searched ({one_line(error)})"))
            elif not isinstance(error, FileNotFoundError):
                raise InputError(
                    f"cannot be searched ({one_line(error)})", file=self.location
                ) from error

        for parent, _, files in os.walk(self.location, onerror=handle):
            folder = os.path.relpath(parent, self.location).replace(os.sep, "/")
            prefix = "" if folder == "." else folder + "/"
            names += [prefix + file for file in files]
        return names, failures

    def display_path(self, name: str) -> str:
        """See `Folder.display_path`."""
        return str(self._path(name))

    def exists(self, name: str) -> bool:
        """See `Folder.exists`."""
        return self._path(name).is_file()

    def ignores_case(self) -> bool:
        """See `Folder.ignores_case`. The test creates an empty file and removes it."""
        location = Path(self.location).absolute()
        folder = next(filter(os.path.isdir, (location, *location.parents)), location)
        probe = temporary_path(folder / "probe")
        try:
            probe.touch()
            return probe.with_name(probe.name.swapcase()).exists()
        except OSError:  # Then no result can be written there either.
            return False
        finally:
            with suppress(OSError):
                probe.unlink()

    def is_photograph(self, name: str, source: str) -> bool:
        """See `Folder.is_photograph`."""
        path = self._path(name)
        return path.exists() and Path(source).exists() and path.samefile(source)

    def has_result(self, name: str, source: str) -> bool:
        """See `Folder.has_result`. A result is a file that opens as an image."""
        path = self._path(name)
        try:
            if not path.is_file() or self.is_photograph(name, source):
                return False
            open_image(path).close()
        except Exception:  # Decoders raise almost any type. It is not one of our results then.
            return False
        return True

    def check_target(self, name: str, force: bool) -> None:
        """See `Folder.check_target`."""
        check_target(self._path(name), force)

    def fetch(self, name: str, scratch: Path) -> Path:
        """See `Folder.fetch`. This is the file itself."""
        return self._path(name)

    @contextmanager
    def stage(self, name: str, scratch: Path, *, force: bool) -> Iterator[Path]:
        """See `Folder.stage`. This is the final path, so write it atomically."""
        yield self._path(name)

    def _path(self, name: str) -> Path:
        return Path(self.location, name)
