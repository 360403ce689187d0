"""Tells how a HEIC decoder rotates the stored image, to which the metadata refers."""

import mmap

from PIL import Image

from keras_f2a.imaging.heif_file import HeifFile

_QUARTERS = {
    1: Image.Transpose.ROTATE_90,
    2: Image.Transpose.ROTATE_180,
    3: Image.Transpose.ROTATE_270,
}


def decoder_rotation(data: bytes | mmap.mmap) -> Image.Transpose | None:
    """Return the rotation that a decoder applies to the main image of a HEIC file.

    `None` if there is none, or if the image is mirrored too, which cameras do not do.

    Args:
        data: The whole file.

    Raises:
        DamagedBoxesError: The file is damaged.
    """
    boxes = HeifFile(data).main_properties()
    quarters = [data[box.start] & 3 for box in boxes if box.type == b"irot"]
    if any(box.type == b"imir" for box in boxes) or len(quarters) != 1:
        return None
    return _QUARTERS.get(quarters[0])
