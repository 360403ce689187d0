"""Tasks to correct one photograph, their outcomes, and which photograph each result belongs to."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from keras_f2a.correction.folder_contents import COMPARISON_SUFFIX, stem_and_suffix
from keras_f2a.correction.folders import Folder
from keras_f2a.imaging.file_kind import PHOTO_SUFFIXES
from keras_f2a.imaging.photo_output import FORMATS
from keras_f2a.support.printable import printable


@dataclass(frozen=True)
class PhotoTask:
    """One photograph to correct.

    Attributes:
        folder: The folder that it is in.
        name: Its name in that folder.
        target: The name of its result in the output folder.
        fixed_name: Whether the user chose the target's name, which is then kept.
        png_taken: Whether the PNG that would replace the target belongs to another photograph.
    """

    folder: Folder
    name: str
    target: str
    fixed_name: bool = False
    png_taken: bool = False

    @property
    def source(self) -> str:
        """The photograph's full path, for messages."""
        return self.folder.display_path(self.name)

    @property
    def with_alpha(self) -> "PhotoTask":
        """The task with a target that can hold alpha, `.png` instead of `.jpg`."""
        png = png_of(self.target)
        return self if self.fixed_name or png is None else replace(self, target=png)

    @property
    def comparison(self) -> str:
        """The name of a before/after picture, next to the target."""
        return self.target + COMPARISON_SUFFIX


@dataclass(frozen=True)
class PhotoResult:
    """The outcome for one photograph.

    Attributes:
        task: The photograph, with the target that its result has.
        status: Corrected now, finished by an earlier run, or failed.
        message: Why it failed, or a note for the user, usually empty.
        disk_full: Whether the disk was full, which ended the job.
        is_left: Whether it is almost unchanged, because it shows no flash.
        error: The exception if it failed.
    """

    task: PhotoTask
    status: Literal["corrected", "finished", "failed"]
    message: str = ""
    disk_full: bool = False
    is_left: bool = False
    error: Exception | None = None

    @property
    def reason(self) -> str:
        """The message without the photograph's name at its start."""
        return self.message.removeprefix(f"{printable(self.task.source)}: ")


def result_name(name: str) -> str:
    """Return the name of a photograph's result.

    It is the photograph's name, with `.jpg` if its format can only be read.
    """
    stem, suffix = stem_and_suffix(name)
    if suffix.lower() in FORMATS:
        return name
    return (stem if suffix.lower() in PHOTO_SUFFIXES else name) + ".jpg"


def png_of(target: str) -> str | None:
    """Return the name of the PNG that replaces a JPEG if the photograph has alpha.

    `None` for any other file.
    """
    stem, suffix = stem_and_suffix(target)
    return stem + ".png" if FORMATS[suffix.lower()] == "JPEG" else None


def fold_case(name: str) -> str:
    """Return a key that is equal for names that are one file on a disk that ignores case.

    Many such disks also ignore which of its two encodings an accented letter has. They compare
    letter by letter, so ß is not ss.
    """
    folded = (letter.casefold() for letter in name)
    letters = (new if len(new) == 1 else old for old, new in zip(name, folded, strict=True))
    return unicodedata.normalize("NFC", "".join(letters))


class ResultOwners:
    """Records which photograph each result belongs to.

    On many disks `a.jpg` and `A.JPG` are one file.

    Args:
        folder: The folder for the results.
    """

    def __init__(self, folder: Folder):
        self._folder = folder
        self._owners: dict[str, dict[str, str]] = {}

    def owner(self, target: str, source: str) -> str:
        """Return the photograph that a result belongs to; `source` if it belongs to none yet."""
        owners = self._owners.get(fold_case(target), {})
        if target in owners or not owners or not self._ignores_case:
            return owners.get(target, source)
        return next(iter(owners.values()))

    def add(self, target: str, source: str) -> None:
        """Record which photograph a result belongs to."""
        self._owners.setdefault(fold_case(target), {})[target] = source

    def forget(self, is_gone: Callable[[str, str], bool]) -> None:
        """Forget the results for which `is_gone(target, source)` returns true."""
        pairs = [pair for owners in self._owners.values() for pair in owners.items()]
        self._owners = {}
        for target, source in pairs:
            if not is_gone(target, source):
                self.add(target, source)

    @cached_property
    def _ignores_case(self) -> bool:
        """Whether the folder ignores case, which is tested only when it matters."""
        return self._folder.ignores_case()


def collision_message(target: str, other: str) -> str:
    """Return why a photograph is not corrected if another one has the same result.

    Args:
        target: The result, for messages.
        other: The other photograph, for messages.
    """
    return (
        f"{printable(target)} is the result of {printable(other)}; correct one of them into "
        "another folder"
    )
