"""Reads the JSON card next to an exported file, which describes the file and has its digest."""

import hashlib
import json
import re
from pathlib import Path, PurePath
from typing import TypeVar

from keras_f2a.support.errors import InputError, one_line
from keras_f2a.support.input_files import check_file, read_small_file
from keras_f2a.support.printable import printable

_MAX_SIZE = 1_000_000  # bytes; an export's card has 3,000
_DIGEST = re.compile("[0-9a-f]{64}", re.IGNORECASE)

AnyPath = TypeVar("AnyPath", bound=PurePath)


def card_file(model: AnyPath) -> AnyPath:
    """Return the path of a file's card, which is next to the file.

    Args:
        model: The file, for example `NAME.tflite`, whose card is `NAME.json`. Other kinds keep
            their suffix, `NAME.onnx.json`, because a `.tflite` file may have the same name.
    """
    return model.with_suffix(".json" if model.suffix == ".tflite" else f"{model.suffix}.json")


def read_card(model: Path) -> dict:
    """Read the card of a file.

    Args:
        model: The file that the card describes.

    Returns:
        The parsed JSON of the card. Its `sha256` is a digest of 64 hexadecimal digits.

    Raises:
        InputError: The card is missing or not valid. The message starts with the card's path.
    """
    path = card_file(model)
    check_file(path)
    try:
        card = json.loads(read_small_file(path, _MAX_SIZE).decode())
        if not isinstance(card, dict) or not isinstance(card.get("sha256"), str):
            raise ValueError("it has no sha256")
        if not _DIGEST.fullmatch(card["sha256"]):
            raise ValueError("its sha256 is not a digest")
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"not an export's card ({one_line(error)})", file=path) from error
    return card


def check_same_generator(model: Path, sibling: Path) -> None:
    """Check that the cards of two files do not name different generators.

    A missing card names none.

    Raises:
        InputError: They name different generators.
    """
    digests = {_generator_digest(file) for file in (model, sibling)} - {None}
    if len(digests) > 1:
        raise InputError(
            f"comes from another generator than {printable(model.name)}, "
            "though their names match; export both again, or move one of them away",
            file=sibling,
        )


def _generator_digest(model: Path) -> str | None:
    try:
        digest = read_card(model).get("generator_sha256")
    except InputError:
        return None
    return digest.lower() if isinstance(digest, str) else None


def check_digest(model: Path, card: dict) -> None:
    """Check that a file has the digest in its card.

    Raises:
        InputError: It has another digest, or cannot be read.
    """
    try:
        with model.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"cannot be read ({one_line(error)})", file=model) from error
    if digest != card["sha256"].lower():
        raise InputError(
            f"not the file that {printable(card_file(model).name)} was written "
            "for; one of the two is damaged or from another export, so get both again",
            file=model,
        )
