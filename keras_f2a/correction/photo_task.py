"""One photograph's way: which file of which folder becomes which result, and what became of it."""

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
        name: Its name there.
        target: The name of its result in the output folder.
        named: Whether the user named the target, which then stays as it is.
        png_taken: Whether the PNG that would take the target's place is another photograph's.
    """

    folder: Folder
    name: str
    target: str
    named: bool = False
    png_taken: bool = False

    @property
    def source(self) -> str:
        """The photograph's whole path, for messages."""
        return self.folder.shown(self.name)

    @property
    def with_alpha(self) -> "PhotoTask":
        """The task with a target that can hold alpha, `.png` in place of `.jpg`."""
        png = png_of(self.target)
        return self if self.named or png is None else replace(self, target=png)

    @property
    def comparison(self) -> str:
        """The name of a before/after picture, beside the target."""
        return self.target + COMPARISON_SUFFIX


@dataclass(frozen=True)
class PhotoResult:
    """What became of one photograph.

    Attributes:
        task: The photograph, with the target that its result has.
        became: Corrected now, finished by an earlier run, or failed.
        line: Why it failed, or what the user should know of its result, mostly nothing.
        full: Whether the disk was full, which ended the job.
        is_left: Whether it stayed almost as it was, because it shows no flash.
        error: What was raised if it failed.
    """

    task: PhotoTask
    became: Literal["corrected", "finished", "failed"]
    line: str = ""
    full: bool = False
    is_left: bool = False
    error: Exception | None = None

    @property
    def reason(self) -> str:
        """The line without the photograph's name at its start."""
        return self.line.removeprefix(f"{printable(self.task.source)}: ")


def result_name(name: str) -> str:
    """Return the name of a photograph's result.

    It is the photograph's name, with `.jpg` where its format is only read.
    """
    stem, suffix = stem_and_suffix(name)
    if suffix.lower() in FORMATS:
        return name
    return (stem if suffix.lower() in PHOTO_SUFFIXES else name) + ".jpg"


def png_of(target: str) -> str | None:
    """Return the PNG that takes a JPEG's place where the photograph has alpha.

    `None` for another file.
    """
    stem, suffix = stem_and_suffix(target)
    return stem + ".png" if FORMATS[suffix.lower()] == "JPEG" else None


def without_case(name: str) -> str:
    """Return what names have in common that are one file where the case of letters is ignored.

    Many such disks take an accent for the same in its two encodings, too. They compare letter by
    letter: ß is not ss.
    """
    folded = (letter.casefold() for letter in name)
    letters = (new if len(new) == 1 else old for old, new in zip(name, folded, strict=True))
    return unicodedata.normalize("NFC", "".join(letters))


class ResultOwners:
    """Whose result each file is. Many disks take `a.jpg` and `A.JPG` for one file.

    Args:
        folder: The folder for the results.
    """

    def __init__(self, folder: Folder):
        self._folder = folder
        self._owners: dict[str, dict[str, str]] = {}

    def owner(self, target: str, source: str) -> str:
        """Return whose result a file is, and the photograph that asks if it is nobody's yet."""
        alike = self._owners.get(without_case(target), {})
        if target in alike or not alike or not self._ignores_case:
            return alike.get(target, source)
        return next(iter(alike.values()))

    def add(self, target: str, source: str) -> None:
        """Note whose result a file is."""
        self._owners.setdefault(without_case(target), {})[target] = source

    def forget(self, is_gone: Callable[[str, str], bool]) -> None:
        """Forget the results that a function of the file and its photograph says are gone."""
        everything = [pair for alike in self._owners.values() for pair in alike.items()]
        self._owners = {}
        for target, source in everything:
            if not is_gone(target, source):
                self.add(target, source)

    @cached_property
    def _ignores_case(self) -> bool:
        """Tried out only when it matters."""
        return self._folder.ignores_case()


def collision(target: str, other: str) -> str:
    """Why a photograph is not corrected whose result another one has.

    Args:
        target: The result, for messages.
        other: The other photograph, for messages.
    """
    return (
        f"{printable(target)} is the result of {printable(other)}; correct one of them into "
        "another folder"
    )
