"""Write the photographs that the launched app opens. All show rendered scenes."""

import io
import struct
import zlib
from pathlib import Path

from PIL import Image

from keras_f2a.data.scenes import BUNDLED_SCENES
from keras_f2a.imaging.cicp import display_p3_profile
from keras_f2a.imaging.exif import ORIENTATION
from keras_f2a.imaging.extended_xmp import Xmp, xmp_segments
from keras_f2a.imaging.gain_map import GainMap, with_gain_map
from keras_f2a.imaging.jpeg_segments import APP13, Segment, exif_segments, with_segments

LANDSCAPE = BUNDLED_SCENES / "test/Scene_003_flash.webp"
PORTRAIT = BUNDLED_SCENES / "test/Scene_006_flash.webp"
UPRIGHT = "upright.jpg"
ROTATED = "rotated.jpg"
NO_FLASH = "no_flash.jpg"
GRAY = "gray.jpg"
WIDE = "wide.jpg"
DESCRIBED = "described.jpg"
TURN_CLOCKWISE = 6
MAKER, CAMERA, TAKEN = "Rendered", "Mitsuba", "2026:05:17 21:30:00"
FLASH_FIRED, FLASH_OFF = 1, 16
FLASHES = 0, FLASH_FIRED, FLASH_OFF, 24, 25
_MAKE, _MODEL, _DATE_TIME = 0x010F, 0x0110, 0x0132
_WIDTH, _HEIGHT = 0x0100, 0x0101
_PHOTO, _FLASH, _MAKER_NOTE, _COMMENT = 0x8769, 0x9209, 0x927C, 0x9286
_CAPTION = b"Photoshop 3.0\08BIM\x04\x04\0\0\0\0\0\x0e\x1c\x02\x78\0\x09A caption"
_HDR_NUMBERS = 'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"'
_CAMERA = 'xmlns:GCamera="http://ns.google.com/photos/1.0/camera/" GCamera:MotionPhoto="1"'
_TIFF = 'xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="1" tiff:ImageWidth="9"'
_NOTE = 'xmlns:xmpNote="http://ns.adobe.com/xmp/note/" xmpNote:HasExtendedXMP="0"'
_LIST = (
    '<Container:Directory xmlns:Container="http://ns.google.com/photos/1.0/container/" '
    'xmlns:Item="http://ns.google.com/photos/1.0/container/item/"><rdf:Seq>'
    '<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="Primary"/></rdf:li>'
    '<rdf:li rdf:parseType="Resource">'
    '<Container:Item Item:Semantic="GainMap" Item:Length="1"/></rdf:li>'
    '<rdf:li rdf:parseType="Resource">'
    '<Container:Item Item:Semantic="MotionPhoto" Item:Length="72"/></rdf:li>'
    "</rdf:Seq></Container:Directory>"
)
_VIDEO = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(48)


def write_photographs(folder: Path) -> None:
    """Write valid and invalid photographs into a new folder."""
    folder.mkdir(parents=True)
    _scene(1203, 901).save(folder / UPRIGHT, quality=92)
    _scene(1203, 901).save(folder / "upright.png")
    _scene(900, 1200, PORTRAIT).save(folder / "portrait.jpg", quality=92)
    _scene(1000, 750).save(folder / ROTATED, quality=92, exif=_exif())
    _scene(800, 600).convert("L").save(folder / GRAY, quality=92)
    _scene(800, 600).save(folder / WIDE, quality=92, icc_profile=display_p3_profile())
    (folder / DESCRIBED).write_bytes(_described((folder / UPRIGHT).read_bytes()))
    _scene(1000, 750).save(folder / NO_FLASH, quality=92, exif=_exif_of_flash(FLASH_OFF))
    _write_flashes(folder)
    # One row less than the minimum of 16.
    _scene(400, 15).save(folder / "tiny.jpg")
    for format_ in ("jpg", "png", "webp"):
        _scene(64, 48).save(folder / f"small_rotated.{format_}", exif=_exif())
        _scene(400, 300).save(folder / f"cut.{format_}")
        content = (folder / f"cut.{format_}").read_bytes()
        (folder / f"cut.{format_}").write_bytes(content[: len(content) // 2])
    (folder / "words.jpg").write_text("This is no photograph.\n" * 100)
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "huge.png").write_bytes(_png_of_one_color(40000, 40000))


def _write_flashes(folder: Path) -> None:
    """Write small photographs whose EXIF blocks have a flash tag or are truncated."""
    scene = _scene(64, 48)
    for value in FLASHES:
        scene.save(folder / f"flash_{value}.jpg", exif=_exif_of_flash(value))
    block = _exif_of_flash(FLASH_FIRED).tobytes()
    for format_ in ("png", "webp"):
        scene.save(folder / f"flash_{FLASH_FIRED}.{format_}", exif=block)
    scene.save(folder / "flash_cut.jpg", exif=block[:-9])


def _scene(width: int, height: int, file: Path = LANDSCAPE) -> Image.Image:
    with Image.open(file) as scene:
        return scene.convert("RGB").resize((width, height), Image.Resampling.BICUBIC)


def _described(photograph: bytes) -> bytes:
    """Return a photograph with everything that phones write: captions, large EXIF, HDR, a video."""
    numbers = Xmp(_packet(_HDR_NUMBERS).encode())
    gain_map = with_segments(_jpeg(_scene(300, 225).convert("L")), xmp_segments(numbers))
    announced = _packet(" ".join([_HDR_NUMBERS, _CAMERA, _TIFF, _NOTE]), _LIST).encode()
    extension = _packet("", f"<!-- {'long ' * 20000}-->").encode()
    segments = [
        *exif_segments(_large_exif(photograph).tobytes()),
        *xmp_segments(Xmp(announced, extension)),
        Segment(APP13, _CAPTION),
    ]
    return with_gain_map(photograph, segments, GainMap(gain_map)) + _VIDEO


def _packet(attributes: str, content: str = "") -> str:
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {attributes}>{content}</rdf:Description>'
        "</rdf:RDF></x:xmpmeta>"
    )


def _large_exif(photograph: bytes) -> Image.Exif:
    """Return an EXIF block larger than one segment, with a preview in its maker note."""
    exif = Image.Exif()
    exif[_MAKE], exif[_WIDTH], exif[_HEIGHT] = MAKER, 1, 1
    with Image.open(io.BytesIO(photograph)) as image:
        preview = _jpeg(image.resize((160, 120)))
    details = exif.get_ifd(_PHOTO)
    details[_MAKER_NOTE] = b"Maker\0" + preview
    details[_COMMENT] = b"ASCII\0\0\0" + b"A long comment. " * 6000
    return exif


def _jpeg(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG")
    return file.getvalue()


def _png_of_one_color(width: int, height: int) -> bytes:
    """Return a valid PNG file, far smaller than its pixels: 1 bit each, and all are 0."""
    packer = zlib.compressobj(9)
    row = bytes(1 + width // 8)
    pixels = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">2I5B", width, height, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + part + struct.pack(">I", zlib.crc32(part))
        for content, part in ((content, name + content) for name, content in chunks)
    )


def _exif_of_flash(value: int) -> Image.Exif:
    exif = Image.Exif()
    exif[_PHOTO] = {_FLASH: value}
    return exif


def _exif() -> Image.Exif:
    exif = _exif_of_flash(FLASH_FIRED)
    exif[ORIENTATION] = TURN_CLOCKWISE
    exif[_MAKE], exif[_MODEL], exif[_DATE_TIME] = MAKER, CAMERA, TAKEN
    return exif
