"""The sheets that viewers see, and the key that they do not see."""

import io
import json
import struct

import numpy as np
import pytest
from PIL import Image, ImageCms

from keras_f2a.cli.program import main
from keras_f2a.imaging.cicp import display_p3_profile
from keras_f2a.support.errors import InputError
from tests.evaluation.blind_choice import make, show


def linear_gray_profile():
    """Return a color profile for gray values that are proportional to light."""
    white = struct.pack(">3i", 63190, 65536, 54061)  # D50, in 1/65536
    tags = {b"wtpt": b"XYZ " + bytes(4) + white, b"kTRC": b"curv" + bytes(8)}
    start = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, content in tags.items():
        table += name + struct.pack(">2I", start + len(body), len(content))
        body += content
    size = start + len(body)
    header = struct.pack(">I4sI4s4s4s", size, b"lcms", 0x02100000, b"mntr", b"GRAY", b"XYZ ")
    header += bytes(12) + b"acsp" + bytes(28) + white + bytes(48)
    return header + table + body


def sheet(folders, number=1):
    with Image.open(folders / "sheets" / f"sheet_{number:03d}.png") as image:
        return np.asarray(image.convert("RGB"))


def test_the_key_tells_the_side_that_a_result_is_on(folders):
    assert make(folders, seed=3) == 4
    key = json.loads((folders / "key.json").read_text())
    sheets = [np.asarray(Image.open(path)) for path in sorted((folders / "sheets").iterdir())]
    assert len(sheets) == 2
    for number, trial in key.items():
        row, height = (int(number) - 1) % 3, 480 + 40
        column = 330 if trial["side"] == "L" else 980
        shown = sheets[(int(number) - 1) // 3][row * height + 270, column]
        assert shown.tolist() == [{"ours": 200, "other": 120}[trial["version"]]] * 3


def test_two_versions_of_one_name_are_refused(folders):
    options = [f"--original={folders / 'original'}", f"--output={folders / 'sheets'}"]
    options += [f"--version=a={folders / name}" for name in ("ours", "other")]
    with pytest.raises(InputError, match="version=a: names two folders"):
        main(["prefer", "sheets", *options, f"--key={folders / 'key.json'}"])
    assert not (folders / "sheets").exists()


def test_a_key_that_cannot_be_written_is_named_before_a_sheet_is_drawn(folders):
    (folders / "file").touch()
    with pytest.raises(InputError, match="is not a folder"):
        make(folders, key=folders / "file" / "key.json")
    assert not (folders / "sheets").exists()


def test_viewers_cannot_see_the_key(folders):
    with pytest.raises(InputError, match="viewers must not see it"):
        make(folders, key=folders / "sheets" / "key.json")


def test_damaged_pictures_are_named(folders):
    (folders / "ours/a.png").write_bytes(b"no picture")
    with pytest.raises(InputError, match=r"a\.png"):
        make(folders)


def test_sheets_and_keys_of_an_earlier_round_are_not_mixed_with_new_ones(folders):
    make(folders)
    before = {path: path.read_bytes() for path in (folders / "sheets").iterdir()}
    with pytest.raises(InputError, match="output=.*sheets of an earlier round.*another folder"):
        make(folders, key=folders / "key_2.json", seed=1)
    assert {path: path.read_bytes() for path in (folders / "sheets").iterdir()} == before
    key = (folders / "key.json").read_bytes()
    (folders / "sheets").rename(folders / "first")
    with pytest.raises(InputError, match="key=.*key of an earlier round.*another file"):
        make(folders, seed=1)
    assert (folders / "key.json").read_bytes() == key


def test_turned_photographs_are_shown_upright_beside_their_results(folders):
    """A camera stores portrait photographs rotated, but `correct` stores them upright."""
    for name in ("a", "b"):
        (folders / "original" / f"{name}.png").unlink()
        exif = Image.Exif()
        exif[0x0112] = 6
        Image.new("RGB", (40, 30), (40, 40, 40)).save(folders / f"original/{name}.jpg", exif=exif)
        Image.new("RGB", (30, 40), (200, 200, 200)).save(folders / f"ours/{name}.png")
    show(folders, "ours")
    assert sheet(folders).shape[0] == 2 * (640 + 40)
    middle = sheet(folders)[30:670, [330, 980]]
    assert {tuple(side.mean(axis=0)) for side in middle.swapaxes(0, 1)} == {(40,) * 3, (200,) * 3}


def test_photographs_of_every_kind_that_is_corrected_are_shown(folders):
    pytest.importorskip("pillow_heif").register_heif_opener()
    for name in ("a", "b"):
        (folders / "original" / f"{name}.png").unlink()
    Image.new("RGB", (64, 48), (40, 40, 40)).save(folders / "original/a.HEIC", quality=100)
    deep = np.full((48, 64), 40 * 257, np.uint16)
    Image.fromarray(deep).save(folders / "original/b.tif")
    (folders / "original/._a.HEIC").write_bytes(b"\0\5\x16\7 of macOS")
    (folders / "ours/._a.png").write_bytes(b"\0\5\x16\7 of macOS")
    (folders / "ours/a.png.compare.jpg").write_bytes(b"of --compare")
    assert make(folders) == 4
    for side in sheet(folders)[270, [330, 980]].astype(int):
        assert min(abs(side[0] - value) for value in (40, 120, 200)) <= 2


def test_colors_are_those_of_the_profile(folders):
    """A photograph in Display P3 looks the same as its copy that was converted to sRGB."""
    profile = display_p3_profile()
    for name in ("a", "b"):
        wide = Image.new("RGB", (40, 30), (180, 60, 60))
        wide.save(folders / f"original/{name}.png", icc_profile=profile)
        space = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        plain = ImageCms.profileToProfile(wide, space, ImageCms.createProfile("sRGB"))
        plain.save(folders / f"ours/{name}.png", icc_profile=None)
    show(folders, "ours")
    left, right = sheet(folders)[270, [330, 980]]
    assert left.tolist() == right.tolist() and left[0] > 185


def test_gray_pictures_have_the_tone_of_their_profile(folders):
    """The profile says that the values are linear light."""
    profile = linear_gray_profile()
    for folder in ("original", "ours"):
        for name in ("a", "b"):
            picture = Image.new("L", (40, 30), 100)
            picture.save(folders / folder / f"{name}.png", icc_profile=profile)
    show(folders, "ours")
    assert abs(int(sheet(folders)[270, 330, 0]) - 168) <= 2


def test_the_key_needs_a_folder(folders):
    with pytest.raises(InputError, match="its folder does not exist"):
        make(folders, key=folders / "keys" / "key.json")
    assert not (folders / "sheets").exists()


def test_two_pictures_of_one_name_are_refused(folders):
    Image.new("RGB", (40, 30)).save(folders / "original/a.jpg")
    with pytest.raises(InputError, match=r"original: contains a\.jpg and a\.png.*keep one"):
        make(folders)
