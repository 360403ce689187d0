"""Files that tests of kept metadata write, and readers of their results."""

import pytest
from PIL import Image

from tests.imaging import written_files as made
from tests.imaging.written_files import (
    encoded,
)


def heif(image, **settings):
    pillow_heif = pytest.importorskip("pillow_heif")
    pillow_heif.register_heif_opener()
    return encoded(image, "HEIF", quality=90, **settings)


def xmp_of(path):
    with Image.open(path) as result:
        found = result.info.get("xmp", b"")
        return found.encode() if isinstance(found, str) else found


RATED = made.packet(
    'tiff:Orientation="6" xmp:Rating="5" tiff:ImageWidth="48"',
    f'{made.TIFF} xmlns:xmp="http://ns.adobe.com/xap/1.0/"',
    "<xmp:Thumbnails><rdf:Alt><rdf:li>/9j/</rdf:li></rdf:Alt></xmp:Thumbnails>",
)
UPRIGHT = made.packet(
    'tiff:Orientation="1" xmp:Rating="5" tiff:ImageWidth="64"',
    f'{made.TIFF} xmlns:xmp="http://ns.adobe.com/xap/1.0/"',
)
