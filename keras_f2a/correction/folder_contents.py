"""Decides which files of a folder are photographs to correct and which are ignored."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from keras_f2a.imaging.file_kind import PHOTO_SUFFIXES, RAW_SUFFIXES
from keras_f2a.support.counting import counted, first_few
from keras_f2a.support.printable import printable

COMPARISON_SUFFIX = ".compare.jpg"
PAGE_NAME = "comparison.html"

_HIDDEN_FOLDERS = frozenset(
    {
        "@eadir",  # Synology's previews
        "@synoeastream",
        "@tmp",
        "@recycle",  # QNAP
        "@recently-snapshot",
        "#recycle",
        "#snapshot",
        "__macosx",  # what macOS adds to a zip file
        "network trash folder",
        "temporary items",
        "$recycle.bin",
        "recycler",
        "system volume information",
        "lost+found",
    }
)
_HIDDEN_SUFFIXES = (".lrdata",)  # Lightroom's previews
_HIDDEN_FILES = frozenset({"thumbs.db", "desktop.ini", "ehthumbs.db", "icon\r"})
CACHE_TAG = "CACHEDIR.TAG"
"""The file with which programs mark a folder as a cache."""
_PAGE_NAME_PATTERN = re.compile(r"comparison(-\d+)?\.html")


@dataclass
class Ignored:
    """Files and folders that are not corrected.

    Attributes:
        suffixes: How many files of other kinds there are, by lower-case suffix.
        folders: Hidden and cache folders that were not searched.
        results: The folder for the results, and files in it, that were given as photographs.
    """

    suffixes: Counter[str] = field(default_factory=Counter)
    folders: set[str] = field(default_factory=set)
    results: list[str] = field(default_factory=list)

    def notes(self) -> Iterator[str]:
        """Yield one line for each kind of ignored files and folders, if there are any."""
        if count := self.suffixes.total():
            counts = [f"{number} {suffix}" for suffix, number in self.suffixes.most_common()]
            yield f"ignored {counted(count, 'file')} of other kinds: {first_few(counts)}"
        if self.folders:
            names = sorted({printable(folder.rpartition("/")[2]) for folder in self.folders})
            yield f"ignored {counted(len(self.folders), 'hidden folder')}: {first_few(names)}"
        if self.results:
            names = [printable(name) for name in self.results]
            yield f"ignored the results of earlier runs among the inputs: {first_few(names)}"


def stem_and_suffix(name: str) -> tuple[str, str]:
    """Return a name without its suffix, and the suffix with its dot.

    Names in an object store may contain `//` and `/./`, which `pathlib` would drop. The suffix of
    `...png` is `.png`; `.png` has none.
    """
    dot = name.rfind(".")
    return (name[:dot], name[dot:]) if dot > name.rfind("/") + 1 else (name, "")


def is_photo_name(name: str) -> bool:
    """Return whether a file name, without its folder, is that of a photograph.

    Hidden files and before/after pictures do not count.
    """
    return (
        stem_and_suffix(name)[1].lower() in PHOTO_SUFFIXES
        and not name.startswith(".")
        and not name.endswith(COMPARISON_SUFFIX)
    )


def photos_among(names: Iterable[str], ignored: Ignored, folder: str) -> list[str]:
    """Return the photographs among a folder's files.

    A RAW file next to a photograph of the same name is ignored, because the camera has already
    developed it.

    Args:
        names: Paths below the folder, with `/` between their parts.
        ignored: Receives what is ignored.
        folder: The folder's path, for `ignored`.
    """
    names = list(names)
    caches = {name.rpartition("/")[0] for name in names if name.endswith(f"/{CACHE_TAG}")}
    known: dict[str, str | None] = {"": None}
    photos = []
    for name in names:
        parent, _, file_name = name.rpartition("/")
        hidden = hidden_part(parent, caches, known)
        if hidden is not None:
            ignored.folders.add(f"{folder}/{hidden}")
        elif is_photo_name(file_name):
            photos.append(name)
        elif not _is_system_or_output(file_name):
            ignored.suffixes[stem_and_suffix(file_name)[1].lower() or "without suffix"] += 1
    return _drop_developed(photos, ignored)


def _drop_developed(photos: list[str], ignored: Ignored) -> list[str]:
    """Leave out RAW files next to a photograph of the same name, ignoring case."""
    stems = {name: stem_and_suffix(name.lower()) for name in photos}
    developed = {stem for stem, suffix in stems.values() if suffix not in RAW_SUFFIXES}
    kept = []
    for name, (stem, suffix) in stems.items():
        if suffix in RAW_SUFFIXES and stem in developed:
            ignored.suffixes[suffix] += 1
        else:
            kept.append(name)
    return kept


def hidden_part(
    folder: str, caches: Iterable[str] = (), known: dict[str, str | None] | None = None
) -> str | None:
    """Return the topmost hidden or cache folder in a relative path; `None` if there is none.

    Args:
        folder: A folder's path, with `/` between its parts.
        caches: Folders that are marked as caches.
        known: Earlier results by folder; new ones are added.
    """
    known = {"": None} if known is None else known
    if folder not in known:
        parent, _, name = folder.rpartition("/")
        hidden = hidden_part(parent, caches, known)
        if hidden is None and (_is_hidden_folder(name) or folder in caches):
            hidden = folder
        known[folder] = hidden
    return known[folder]


def _is_hidden_folder(name: str) -> bool:
    name = name.lower()
    if name in (".", ".."):
        return False
    return name.startswith(".") or name in _HIDDEN_FOLDERS or name.endswith(_HIDDEN_SUFFIXES)


def _is_system_or_output(name: str) -> bool:
    """Return whether a file belongs to the system or was written by an earlier run."""
    return (
        name.startswith(".")
        or name.lower() in _HIDDEN_FILES
        or _PAGE_NAME_PATTERN.fullmatch(name) is not None
        or name.endswith(COMPARISON_SUFFIX)
    )
