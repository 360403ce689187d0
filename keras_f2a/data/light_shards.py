"""Shards: files of rendered views under described lights.

`python -m tools.render_views` writes them. A shard holds whole scenes, and a scene has several
views. `keras_f2a.data.light_views` explains a view.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from keras_f2a.data.light_views import EncodedView, LightView, decode_view
from keras_f2a.support.atomic_file import named_file
from keras_f2a.support.errors import InputError, one_line

SPLITS = ("train", "held_out")
_DAMAGE = (
    *(OSError, ValueError, TypeError, AttributeError, LookupError, EOFError),
    *(RecursionError, BadZipFile),
)


def write_shard(path: Path, views: list[EncodedView]) -> None:
    """Write views to one file, atomically.

    Raises:
        WorkError: The file could not be written.
    """
    blobs = [blob for view in views for blob in view.pictures]
    records = json.dumps([view.record for view in views], separators=(",", ":")).encode()
    with named_file(path) as temporary, temporary.open("wb") as file:
        np.savez(
            file,
            records=np.frombuffer(records, np.uint8),
            pictures=np.frombuffer(b"".join(blobs), np.uint8),
            ends=np.cumsum([len(blob) for blob in blobs], dtype=np.int64),
        )


def read_views(folder: str | Path, split: str = "train") -> Iterator[LightView]:
    """Yield the views of one split, shard by shard.

    Args:
        folder: Folder of shards.
        split: One of `SPLITS`, which have no scene and no model in common.

    Raises:
        InputError: The split is unknown, the folder has no shard, or one is damaged.
    """
    for path in shards(folder):
        for encoded in read_shard(path, split):
            yield _decode(path, encoded)


def shards(folder: str | Path) -> list[Path]:
    """Return the shards in a folder, sorted by name.

    Raises:
        InputError: The folder has no shards.
    """
    paths = sorted(Path(folder).glob("views_*.npz"))
    if not paths:
        raise InputError(f"{folder}: has no views_*.npz; `make views` renders them")
    return paths


def read_shard(path: Path, split: str = "train") -> list[EncodedView]:
    """Return the views of one split in a shard, still encoded.

    Raises:
        InputError: The split is unknown, or the shard is damaged.
    """
    if split not in SPLITS:
        raise InputError(f"split: {split!r} is unknown; choose one of {', '.join(SPLITS)}")
    try:
        return list(_read_encoded(path, split))
    except _DAMAGE as error:
        raise _damaged_error(path, error) from error


def _damaged_error(path: Path, error: Exception) -> InputError:
    """Return the error for a shard that cannot be read."""
    return InputError(f"{path}: is damaged ({one_line(error)}); render it again")


def _read_encoded(path: Path, split: str) -> Iterator[EncodedView]:
    with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        records = json.loads(stored["records"].tobytes())
        blob, ends = stored["pictures"].tobytes(), stored["ends"].tolist()
    starts, offset = [0, *ends], 0
    for record in records:
        count = len(record["lights"]) + 3
        if (record["split"] == "test") == (split == "held_out"):
            spans = range(offset, offset + count)
            yield EncodedView(record, [blob[starts[i] : ends[i]] for i in spans])
        offset += count


def _decode(path: Path, encoded: EncodedView) -> LightView:
    try:
        return decode_view(encoded)
    except _DAMAGE as error:
        raise _damaged_error(path, error) from error
