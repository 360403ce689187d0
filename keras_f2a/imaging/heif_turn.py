"""Tells how a decoder turns the stored picture of a HEIC file, which its metadata describes."""

import mmap

from PIL import Image

from keras_f2a.imaging.heif_file import HeifFile

_QUARTERS = {
    1: Image.Transpose.ROTATE_90,
    2: Image.Transpose.ROTATE_180,
    3: Image.Transpose.ROTATE_270,
}


def decoders_turn(data: bytes | mmap.mmap) -> Image.Transpose | None:
    """Return the rotation that a decoder has applied to the main picture of a HEIC file.

    `None` if there is none, or if the picture is mirrored too, as no camera stores it.

    Args:
        data: The whole file.

    Raises:
        DamagedBoxesError: The file is damaged.
    """
    boxes = HeifFile(data).main_properties()
    quarters = [data[box.start] & 3 for box in boxes if box.kind == b"irot"]
    if any(box.kind == b"imir" for box in boxes) or len(quarters) != 1:
        return None
    return _QUARTERS.get(quarters[0])
