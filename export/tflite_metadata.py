"""Writes the standard metadata of a `.tflite` file, for Android Studio and code generators.

The tables and their slots follow TensorFlow Lite's `metadata_schema.fbs`.
"""

from collections.abc import Callable, Iterable

import flatbuffers

from .about import About

METADATA_NAME = "TFLITE_METADATA"
"""The name of the file's metadata entry."""
_IDENTIFIER = b"M001"
_OLDEST_PARSER = "1.0.0"  # It supports every table used here.
_IMAGE_PROPERTIES, _NORMALIZATION_OPTIONS = 2, 1  # Their types in the schema's unions.
_RGB = 1
_MAX_LEVEL = 255.0


def standard_metadata(metadata: dict, about: About) -> bytes:
    """Return the flatbuffer that describes a file of this project.

    It says that input and output are RGB and that 8-bit levels are divided by 255.

    Args:
        metadata: The return value of `export.card.tflite_metadata`.
        about: The author, license and description.
    """
    builder = flatbuffers.Builder(1024)
    tensors = {
        side: _tensor(builder, metadata[side], text)
        for side, text in (
            ("input", "Flash photograph, sRGB, values from 0 to 1"),
            ("output", "The same photograph in ambient light, sRGB, values from 0 to 1"),
        )
    }
    subgraph = _table(
        builder,
        {
            2: _offsets(builder, [tensors["input"]]),
            3: _offsets(builder, [tensors["output"]]),
        },
    )
    texts = {
        0: metadata["name"],
        1: about.description,
        2: str(metadata["version"]),
        4: about.author,
        5: about.license,
        7: _OLDEST_PARSER,
    }
    slots = {slot: builder.CreateString(text) for slot, text in texts.items() if text}
    root = _table(builder, {**slots, 3: _offsets(builder, [subgraph])})
    builder.Finish(root, file_identifier=_IDENTIFIER)
    return bytes(builder.Output())


def _tensor(builder: flatbuffers.Builder, image: dict, text: str) -> int:
    _, height, width, _ = image["shape"]
    size = _table(builder, {}, {0: (width, "Uint32"), 1: (height, "Uint32")})
    properties = _table(builder, {1: size}, {0: (_RGB, "Int8")})
    content = _table(builder, {1: properties}, {0: (_IMAGE_PROPERTIES, "Uint8")})
    options = _table(builder, {0: _floats(builder, 0.0), 1: _floats(builder, _MAX_LEVEL)})
    normalization = _table(builder, {1: options}, {0: (_NORMALIZATION_OPTIONS, "Uint8")})
    low, high = image["value_range"]
    stats = _table(builder, {0: _floats(builder, high), 1: _floats(builder, low)})
    return _table(
        builder,
        {
            0: builder.CreateString(image["name"]),
            1: builder.CreateString(text),
            3: content,
            4: _offsets(builder, [normalization]),
            5: stats,
        },
    )


def _table(
    builder: flatbuffers.Builder,
    offsets: dict[int, int],
    scalars: dict[int, tuple[int, str]] | None = None,
) -> int:
    """Write a table with the offsets of earlier objects and with typed numbers."""
    scalars = scalars or {}
    builder.StartObject(1 + max((*offsets, *scalars)))
    for slot, offset in offsets.items():
        builder.PrependUOffsetTRelativeSlot(slot, offset, 0)
    for slot, (value, scalar_type) in scalars.items():
        getattr(builder, f"Prepend{scalar_type}Slot")(slot, value, 0)
    return builder.EndObject()


def _offsets(builder: flatbuffers.Builder, offsets: Iterable[int]) -> int:
    return _vector(builder, list(offsets), builder.PrependUOffsetTRelative)


def _floats(builder: flatbuffers.Builder, *numbers: float) -> int:
    return _vector(builder, list(numbers), builder.PrependFloat32)


def _vector(builder: flatbuffers.Builder, items: list, prepend: Callable) -> int:
    builder.StartVector(4, len(items), 4)
    for item in reversed(items):
        prepend(item)
    return builder.EndVector()
