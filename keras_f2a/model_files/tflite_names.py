"""Finds the orientation of a model's two files from their names."""

import re
from pathlib import Path

PLAIN_SUFFIXES = (".tflite", ".onnx")
"""Suffixes of the files that run without Keras, the preferred one first."""


def other_orientation(name: str) -> str | None:
    """Return the name that a file for the other orientation would have.

    Args:
        name: For example `NAME_320x240_int8.tflite`.

    Returns:
        The name with the two sides swapped, here `NAME_240x320_int8.tflite`. `None` if the name has
        another suffix, no size or equal sides.
    """
    sizes = list(re.finditer(r"_([0-9]+)x([0-9]+)(?=[_.])", name))
    if not name.endswith(PLAIN_SUFFIXES) or not sizes or sizes[-1][1] == sizes[-1][2]:
        return None
    start, end = sizes[-1].span()
    return f"{name[:start]}_{sizes[-1][2]}x{sizes[-1][1]}{name[end:]}"


def sibling_file(file: Path) -> Path | None:
    """Find the file of the other orientation next to a `.tflite` or `.onnx` file.

    Args:
        file: For example `NAME_320x240_int8.tflite`.

    Returns:
        The file next to it with the two sides swapped in its name, here
        `NAME_240x320_int8.tflite`, or `None` if there is none.
    """
    name = other_orientation(file.name)
    return file.with_name(name) if name and file.with_name(name).is_file() else None
