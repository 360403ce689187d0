"""Finds photographs and plans where their corrected versions go."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from keras_f2a.imaging.photo import PHOTO_SUFFIXES
from keras_f2a.imaging.photo_output import FORMATS
from keras_f2a.support.errors import InputError

COMPARISON_SUFFIX = ".compare.jpg"


@dataclass(frozen=True)
class PhotoTask:
    """One photograph to correct.

    Attributes:
        source: The photograph.
        target: The file that its corrected version goes to.
    """

    source: Path
    target: Path

    @property
    def comparison(self) -> Path:
        """The file for a before/after picture, beside the target."""
        return self.target.with_name(self.target.name + COMPARISON_SUFFIX)


def plan_photos(
    inputs: Sequence[str | Path], output: str | Path, recursive: bool = False
) -> list[PhotoTask]:
    """Finds the photographs and gives each a place under the output folder.

    A file keeps its name; a folder's files keep their paths below that folder. HEIC files become
    `.jpg` files. Files that earlier runs wrote are not taken up again: those in the output
    folder, where it lies inside an input folder, and before/after pictures.

    Args:
        inputs: Files, folders and glob patterns (`"**"` in a pattern goes down folders).
        output: The folder for the results; it need not exist.
        recursive: Whether folders inside the folders are searched too.

    Returns:
        The tasks, in the order of the inputs, a folder's files by name.

    Raises:
        InputError: An input does not exist, matches nothing, or holds no photograph.
    """
    output = Path(output)
    if output.exists() and not output.is_dir():
        raise InputError(f"--output {output}: is a file; name a folder for the results")
    tasks = []
    for path in [path for entry in inputs for path in _expanded(Path(entry))]:
        if path.is_dir():
            tasks += _plan_folder(path, output, recursive)
        else:
            tasks.append(PhotoTask(path, output / _result_name(path.name)))
    return list(dict.fromkeys(tasks))


def _expanded(entry: Path) -> list[Path]:
    if entry.exists():
        return [entry]
    root = Path(entry.anchor)
    matches = sorted(root.glob(str(entry.relative_to(root))))
    matches = [match for match in matches if not match.name.startswith(".")]
    if not matches:
        raise InputError(f"{entry}: there is no such photograph or folder")
    return matches


def _plan_folder(folder: Path, output: Path, recursive: bool) -> list[PhotoTask]:
    try:
        entries = sorted(folder.rglob("*") if recursive else folder.iterdir())
    except OSError as error:
        raise InputError(f"{folder}: cannot be searched ({error.strerror})") from error
    in_place = output.resolve() == folder.resolve()
    photos = [
        path
        for path in entries
        if _is_photo(path) and (in_place or output.resolve() not in path.resolve().parents)
    ]
    if not photos:
        hint = "" if recursive else "; --recursive searches the folders inside it"
        raise InputError(f"{folder}: holds no JPEG, PNG, WebP or HEIC file{hint}")
    targets = [output / path.relative_to(folder) for path in photos]
    return [
        PhotoTask(path, target.with_name(_result_name(target.name)))
        for path, target in zip(photos, targets, strict=True)
    ]


def _is_photo(path: Path) -> bool:
    return (
        path.suffix.lower() in PHOTO_SUFFIXES
        and not path.name.startswith(".")
        and not path.name.endswith(COMPARISON_SUFFIX)
        and path.is_file()
    )


def _result_name(name: str) -> str:
    suffix = Path(name).suffix
    if suffix.lower() in FORMATS:
        return name
    stem = name.removesuffix(suffix) if suffix.lower() in PHOTO_SUFFIXES else name
    return stem + ".jpg"
