"""Regions in metadata, such as faces, mark the same things after the pixels were turned."""

from xml.etree import ElementTree

import pytest
from PIL import Image, ImageDraw, PngImagePlugin

from tests.imaging import written_files as made
from tests.imaging.kept_files import heif, xmp_of
from tests.imaging.written_files import encoded

SIZE = (64, 48)
FACE = (40, 8, 52, 16)  # Left, top, right, and bottom of what the regions mark, as stored.
CENTER = (46, 12, 12, 8)
NAMES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "mwg-rs": "http://www.metadataworkinggroup.com/schemas/regions/",
    "stArea": "http://ns.adobe.com/xmp/sType/Area#",
    "stDim": "http://ns.adobe.com/xap/1.0/sType/Dimensions#",
    "acdsee-rs": "http://ns.acdsee.com/regions/",
    "acdsee-stArea": "http://ns.acdsee.com/sType/Area#",
    "MPReg": "http://ns.microsoft.com/photo/1.2/t/Region#",
    "exif": "http://ns.adobe.com/exif/1.0/",
}
SHARES = [f"{value:.6f}" for value in (46 / 64, 12 / 48, 12 / 64, 8 / 48)]
RECTANGLE = ", ".join(f"{value:.6f}" for value in (40 / 64, 8 / 48, 12 / 64, 8 / 48))


def attributes(element, prefix):
    values = " ".join(f'{prefix}:{n}="{v}"' for n, v in zip("xywh", SHARES, strict=True))
    return f"<{element} {values}/>"


def elements(element, prefix):
    values = "".join(
        f"<{prefix}:{n}>{v}</{prefix}:{n}>" for n, v in zip("xywh", SHARES, strict=True)
    )
    return f'<{element} rdf:parseType="Resource">{values}</{element}>'


def description(element, prefix):
    return f"<{element}>{attributes('rdf:Description', prefix)}</{element}>"


def mwg(area=attributes, dimensions=SIZE):
    """A face as phones, digiKam, Lightroom and Picasa mark it."""
    width, height = dimensions
    region = f"{area('mwg-rs:Area', 'stArea')}<mwg-rs:Name>Ann</mwg-rs:Name>"
    return (
        '<mwg-rs:Regions rdf:parseType="Resource">'
        f'<mwg-rs:AppliedToDimensions stDim:w="{width}" stDim:h="{height}" stDim:unit="pixel"/>'
        f'<mwg-rs:RegionList><rdf:Bag><rdf:li rdf:parseType="Resource">{region}</rdf:li></rdf:Bag>'
        "</mwg-rs:RegionList></mwg-rs:Regions>"
    )


ACDSEE = (
    f"<acdsee-rs:Regions>{attributes('acdsee-rs:DLYArea', 'acdsee-stArea')}</acdsee-rs:Regions>"
)
MICROSOFT = f'<rdf:Bag><rdf:li MPReg:Rectangle="{RECTANGLE}"/></rdf:Bag>'
SUBJECT = "".join(f"<rdf:li>{number}</rdf:li>" for number in CENTER)
SUBJECT = f"<exif:SubjectArea><rdf:Seq>{SUBJECT}</rdf:Seq></exif:SubjectArea>"
EVERYTHING = mwg() + ACDSEE + MICROSOFT + SUBJECT


def packet(inside):
    names = " ".join(f'xmlns:{p}="{name}"' for p, name in NAMES.items() if p != "rdf")
    return made.packet(namespaces=names, inside=inside)


def content(orientation=6, inside=EVERYTHING, image_format="JPEG", subject=CENTER):
    """A photograph that shows a red rectangle, with metadata that marks it."""
    image = Image.new("RGB", SIZE, (90, 90, 90))
    left, top, right, bottom = FACE
    ImageDraw.Draw(image).rectangle((left, top, right - 1, bottom - 1), fill=(250, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x8769] = {0x9214: subject}
    settings = {"exif": exif.tobytes(), "xmp": packet(inside)}
    if image_format == "TIFF":
        exif[700] = settings.pop("xmp")
        return encoded(image, image_format, exif=exif.tobytes())
    if image_format == "HEIF":  # Pillow's plugin stores the orientation as the HEIC's own rotation.
        return heif(image, **settings)
    if image_format == "PNG":
        settings["pnginfo"] = PngImagePlugin.PngInfo()
        settings["pnginfo"].add_itxt("XML:com.adobe.xmp", settings.pop("xmp").decode())
    return encoded(image, image_format, quality=95, **settings)


def values_of(element):
    """The attributes of an element and the texts inside it, by their names."""
    return dict(element.attrib) | {child.tag: child.text for child in element}


def marked_by_xmp(path):
    """What each kind of region marks in a result: left, top, right, and bottom in pixels."""
    with Image.open(path) as image:
        width, height = image.size
    root = ElementTree.fromstring(xmp_of(path).decode().split("?>", 1)[1].rsplit("<?", 1)[0])
    for element in root.iter():
        values = values_of(element)
        for prefix in ("stArea", "acdsee-stArea"):
            names = [f"{{{NAMES[prefix]}}}{name}" for name in "xywh"]
            if names[0] in values:
                x, y, w, h = (float(values[name]) for name in names)
                corners = x - w / 2, y - h / 2, x + w / 2, y + h / 2
                yield prefix, [c * s for c, s in zip(corners, (width, height) * 2, strict=True)]
        if rectangle := values.get(f"{{{NAMES['MPReg']}}}Rectangle"):
            x, y, w, h = map(float, rectangle.split(","))
            yield "Microsoft", [x * width, y * height, (x + w) * width, (y + h) * height]
        if element.tag == f"{{{NAMES['exif']}}}SubjectArea":
            yield "XMP", around([int(item.text) for item in element[0]])


def around(area):
    x, y, width, height = area
    return [x - width / 2, y - height / 2, x + width / 2, y + height / 2]


def red_box(path):
    """Left, top, right, and bottom of what is red in a result."""
    with Image.open(path) as image:
        green = image.convert("RGB").getchannel("G")
    return green.point(lambda value: 255 * (value < 55)).getbbox()


def subject_of(path):
    with Image.open(path) as image:
        return list(image.getexif().get_ifd(0x8769)[0x9214])


def assert_marked(path, names):
    found = dict(marked_by_xmp(path))
    assert set(found) == set(names)
    for name, corners in (*found.items(), ("EXIF", around(subject_of(path)))):
        assert corners == pytest.approx(red_box(path), abs=1.6), name


@pytest.fixture
def kept(corrected):
    """Corrects a file with no effect on its pixels."""
    return lambda name, data: corrected(name, data, options=("--strength", "0"))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_regions_turn_with_the_pixels(kept, orientation):
    path = kept("a.jpg", content(orientation))
    assert_marked(path, ["stArea", "acdsee-stArea", "Microsoft", "XMP"])


@pytest.mark.parametrize("area", [attributes, elements, description])
@pytest.mark.parametrize("image_format", ["PNG", "WEBP"])
def test_a_region_may_be_written_in_several_ways(kept, area, image_format):
    data = content(8, mwg(area), image_format)
    assert_marked(kept(f"a.{image_format.lower()}", data), ["stArea"])


def test_dimensions_are_those_of_the_upright_picture(kept):
    result = xmp_of(kept("a.jpg", content(6)))
    assert b'stDim:w="48" stDim:h="64"' in result


def test_regions_of_the_upright_picture_stay(kept):
    """As some programs write them: their dimensions say so."""
    inside = mwg(dimensions=SIZE[::-1])
    assert xmp_of(kept("a.jpg", content(6, inside))) == packet(inside)


@pytest.mark.parametrize("orientation", [1, 6])
def test_regions_of_a_heic_that_its_decoder_turns(corrected, orientation):
    data = content(orientation, mwg(), "HEIF")
    path = corrected("a.heic", data, "a.jpg", options=("--strength", "0"))
    assert_marked(path, ["stArea"])


@pytest.mark.parametrize("orientation", range(1, 9))
def test_regions_of_a_tiff_that_its_decoder_turns(kept, orientation):
    path = kept("a.tif", content(orientation, image_format="TIFF"))
    assert_marked(path, ["stArea", "acdsee-stArea", "Microsoft", "XMP"])


def test_a_subject_may_be_a_point_or_a_circle(kept):
    for subject, expected in (((46, 12), [35, 46]), ((46, 12, 9), [35, 46, 9])):
        assert subject_of(kept("a.jpg", content(6, "", subject=subject))) == expected


DAMAGED = [
    '<mwg-rs:Area stArea:x="a" stArea:y="0.2" stArea:w="0.1" stArea:h="0.1"/>',
    '<mwg-rs:Area stArea:x="0.1"/>',
    '<mwg-rs:Area stArea:x="30" stArea:y="20" stArea:unit="pixel"/>',
    '<mwg-rs:Area stArea:x="0.1" stArea:y="0.2">',
    '<rdf:Bag><rdf:li MPReg:Rectangle="0.1, 0.2, x, 0.4"/></rdf:Bag>',
    '<rdf:Bag><rdf:li MPReg:Rectangle="0.1, 0.2"/></rdf:Bag>',
    "<exif:SubjectArea><rdf:Seq><rdf:li>1</rdf:li><rdf:li>b</rdf:li></rdf:Seq></exif:SubjectArea>",
    "<exif:SubjectArea><rdf:Seq><rdf:li>1</rdf:li></rdf:Seq></exif:SubjectArea>",
    "<exif:SubjectArea><rdf:Seq><rdf:li><rdf:li>1</rdf:li></rdf:li></rdf:Seq></exif:SubjectArea>",
    '<exif:SubjectArea rdf:li="1"><rdf:li>1</rdf:li></exif:SubjectArea>',
    "<exif:SubjectArea/>",
]


@pytest.mark.parametrize("inside", DAMAGED)
def test_what_is_no_region_stays(kept, inside):
    assert xmp_of(kept("a.jpg", content(6, inside))) == packet(inside)


@pytest.mark.parametrize("subject", [(46,), (1, 2, 3, 4, 5)])
def test_what_is_no_subject_stays(kept, subject):
    assert subject_of_any(kept("a.jpg", content(6, "", subject=subject))) == subject


def subject_of_any(path):
    with Image.open(path) as image:
        value = image.getexif().get_ifd(0x8769)[0x9214]
    return value if isinstance(value, tuple) else (value,)
