"""Photographs that the browser page corrects, and files that it refuses."""

import io
import struct
import zlib

import numpy as np
from PIL import Image, ImageCms

from keras_f2a.data.scenes import BUNDLED_SCENES
from tests.imaging import written_files as made
from tests.imaging.written_files import encoded, png_chunk, segment, with_front
from tests.web_demo.portrait import portrait

SCENE = BUNDLED_SCENES / "test/Scene_001_flash.webp"
EXIF_DIRECTORY = 0x8769


def write_good(folder, shared=None):
    """Write photographs of every kind that the page accepts, and real ones as PNG if available."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    scene = _scene(701, 523)
    scene.save(folder / "made.png", exif=exif(1), icc_profile=profile())
    scene.transpose(Image.Transpose.ROTATE_90).save(folder / "upright.png")
    scene.save(folder / "turned.png", exif=exif(6))
    portrait(640, 480).save(folder / "face.png")
    portrait(480, 640).save(folder / "face_upright.png")
    noise = rng.integers(0, 256, (300, 211, 3), dtype=np.uint8)
    Image.fromarray(noise).save(folder / "noise.png")
    scene.convert("L").save(folder / "gray.png")
    scene.quantize(64).save(folder / "palette.png")
    scene.convert("RGBA").save(folder / "alpha.png")
    _write_turned(folder, scene)
    scene.save(folder / "turned.jpg", quality=92, exif=exif(6), icc_profile=profile())
    scene.convert("L").save(folder / "gray.jpg", quality=92)
    _scene(1600, 1200).save(folder / "wide.jpg", quality=92)
    scene.save(folder / "with_metadata.webp", quality=92, exif=exif(1), icc_profile=profile())
    scene.save(folder / "sideways.webp", quality=92, exif=exif(6))
    (folder / "deep.png").write_bytes(_png_of_16_bits(np.asarray(scene, np.uint16) * 257))
    _write_rich(folder, _scene(320, 240))
    if shared is not None:
        for path in sorted((shared / "photos").glob("*_flash.jpg")):
            with Image.open(path) as photo:
                photo.convert("RGB").save(folder / f"{path.stem}.png", compress_level=1)


def write_bad(folder):
    """Write files that are not photographs, broken, too large, too small or animated."""
    folder.mkdir()
    scene = _scene(160, 120)
    frames = [scene, scene.transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
    for suffix in ("gif", "png", "webp"):
        frames[0].save(folder / f"animated.{suffix}", save_all=True, append_images=frames[1:])
    png, jpeg = _encoded(scene, "PNG"), _encoded(scene, "JPEG")
    (folder / "cut.png").write_bytes(png[: len(png) // 2])
    (folder / "cut.jpg").write_bytes(jpeg[: len(jpeg) // 2])
    # The chunks are intact, but their content is not an image.
    (folder / "broken.png").write_bytes(png[:60] + bytes(200) + png[260:])
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "letter.jpg").write_text("Dear reader, this is no photograph.")
    (folder / "huge.png").write_bytes(png[:16] + struct.pack(">2L", 20_000, 20_000) + png[24:])
    scene.resize((8, 8)).save(folder / "tiny.png")
    packed = png_chunk(b"iCCP", b"profile\0\0" + _unpacking_to(8 << 30))
    (folder / "bomb.png").write_bytes(png[:33] + packed + png[33:])
    Image.new("RGB", (80_000, 20)).save(folder / "long.png")
    (folder / "hdr.png").write_bytes(png[:33] + png_chunk(b"cICP", b"\x09\x10\0\1") + png[33:])


def _write_turned(folder, scene):
    """Write rotated photographs whose orientation is stored in ways that browsers do not read."""
    long_number = [(0x0112, 4, 1, 6)]
    block = made.exif_block(main=long_number)
    content = segment(0xE1, b"Exif\0\0" + block)
    (folder / "turned_long.jpg").write_bytes(with_front(encoded(scene, quality=92), content))
    png = _encoded(scene, "PNG")
    late = png[:-12] + png_chunk(b"eXIf", exif(6).removeprefix(b"Exif\0\0")) + png[-12:]
    (folder / "turned_late.png").write_bytes(late)
    text = f"\nexif\n{len(block):8}\n{block.hex()}\n".encode()
    profile_chunk = png_chunk(b"tEXt", b"Raw profile type exif\0" + text)
    (folder / "turned_text.png").write_bytes(png[:33] + profile_chunk + png[33:])


def _write_rich(folder, scene):
    """Write photographs with all the metadata that phones, cameras and archives add."""
    (folder / "hdr.jpg").write_bytes(made.hdr_jpeg(scene))
    (folder / "hdr_turned.jpg").write_bytes(made.hdr_jpeg(scene, orientation=6))
    behind = [("MotionPhoto", "video/mp4", len(made.VIDEO))]
    (folder / "motion.jpg").write_bytes(made.hdr_jpeg(scene, behind=behind, video=made.VIDEO))
    (folder / "described.jpg").write_bytes(_described_jpeg(scene))
    (folder / "described.png").write_bytes(_described_png(scene))
    scene.save(folder / "rated.webp", quality=92, xmp=RATED)


def _described_jpeg(scene):
    preview = encoded(scene.resize((32, 24)))
    note = b"Maker\0" + preview + b"serial 0123456789"
    block = made.exif_block(note, main=[(0x0100, 4, 1, 1), (0x0112, 3, 1, 1)])
    name = b"0123456789ABCDEF0123456789ABCDEF"
    noted = 'xmlns:xmpNote="http://ns.adobe.com/xmp/note/"'
    main = made.packet(f'xmpNote:HasExtendedXMP="{name.decode()}"', noted)
    extension = made.packet('a:b="' + "history " * 12_000 + '"', 'xmlns:a="urn:a"')
    parts = [
        segment(
            0xE1,
            made.PART_NAME + name + struct.pack(">II", len(extension), start)
            + extension[start : start + 60_000],
        )
        for start in range(0, len(extension), 60_000)
    ]  # fmt: skip
    caption = b"8BIM\x04\x04\0\0\0\0\0\x0d\x1c\x02\x78\0\x08a dinner\0"
    return with_front(
        encoded(scene, quality=92, dpi=(72, 72), comment=b"at the lake"),
        segment(0xE1, b"Exif\0\0" + block),
        segment(0xE1, made.XMP_NAME + main),
        *parts,
        segment(0xED, b"Photoshop 3.0\0" + caption),
    )


def _described_png(scene):
    chunks = [
        (b"iTXt", b"XML:com.adobe.xmp\0\1\0es\0clave\0" + zlib.compress(RATED)),
        (b"iTXt", b"Author\0\0\0es\0Autora\0Mar\xc3\xada"),
        (b"zTXt", b"Comment\0\0" + zlib.compress(b"long " * 40)),
        (b"tIME", b"\x07\xe8\x0c\x18\x12\0\0"),
        (b"sRGB", b"\0"),
        (b"pHYs", struct.pack(">IIB", 3779, 3779, 1)),
    ]
    plain = encoded(scene, "PNG")
    return plain[:33] + b"".join(png_chunk(*chunk) for chunk in chunks) + plain[33:]


def _png_of_16_bits(pixels):
    height, width, _ = pixels.shape
    rows = pixels.astype(">u2").reshape(height, -1).view(np.uint8)
    packed = zlib.compress(np.pad(rows, ((0, 0), (1, 0))).tobytes())
    header = struct.pack(">2L5B", width, height, 16, 2, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", packed), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(*chunk) for chunk in chunks)


def _unpacking_to(size):
    """Return zlib data that expands to about `size` zeros. Only its checksum is missing."""
    packer = zlib.compressobj(9)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(1 << 24)) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + block * (size >> 24)


RATED = made.packet(
    'tiff:ImageWidth="1" xmp:Rating="5"', f'{made.TIFF} xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
)


def exif(orientation):
    """Return an EXIF block like a camera's, with details, a maker note and a preview."""
    block = Image.Exif()
    block[0x0112] = orientation
    block[0x010F] = "Maker"
    block.get_ifd(EXIF_DIRECTORY).update({0xA002: 701, 0xA003: 523, 0x927C: bytes(range(256))})
    block.get_ifd(0x8825)[1] = "N"
    whole = bytearray(block.tobytes())
    order = "<" if whole[6:8] == b"II" else ">"
    # Point to the next directory, which holds the preview.
    main = 6 + struct.unpack_from(order + "L", whole, 10)[0]
    (count,) = struct.unpack_from(order + "H", whole, main)
    struct.pack_into(order + "L", whole, main + 2 + 12 * count, len(whole) - 6)
    return bytes(whole) + struct.pack(order + "HL", 0, 0)


def profile():
    """Return a color profile far from sRGB, because its red and blue primaries are swapped."""
    usual = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = usual.replace(b"rXYZ", b"????", 1).replace(b"bXYZ", b"rXYZ", 1)
    return swapped.replace(b"????", b"bXYZ", 1)


def _scene(width, height):
    with Image.open(SCENE) as scene:
        return scene.convert("RGB").resize((width, height), Image.Resampling.BICUBIC)


def _encoded(image, image_format):
    buffer = io.BytesIO()
    image.save(buffer, image_format)
    return buffer.getvalue()
