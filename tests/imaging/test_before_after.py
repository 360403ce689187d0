import base64
import io
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image

from keras_f2a.imaging.before_after import preview, side_by_side
from keras_f2a.imaging.before_after_page import comparison_page
from keras_f2a.support.errors import NoSpaceError
from tests.page_shapes import check_shapes, shown_pictures
from tests.system_packages import require_program


@pytest.mark.parametrize("size", [(90, 60), (60, 90)])
def test_before_and_after_are_both_whole_and_labeled(size):
    before, after = Image.new("RGB", size, "red"), Image.new("RGB", size, "blue")
    pixels = np.asarray(side_by_side(before, after))
    for color in (255, 0, 0), (0, 0, 255):
        assert (pixels == color).all(axis=-1).sum() == size[0] * size[1]
    assert (pixels.max(axis=-1) < 100).any()  # the labels' black background


def test_a_preview_is_never_an_enlargement():
    assert preview(Image.new("RGB", (4000, 3000))).size == (1280, 960)
    assert preview(Image.new("RGB", (100, 50))).size == (100, 50)


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.open = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))
        if tag not in {"meta", "img", "input"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_needs_nothing_but_itself(tmp_path):
    path = tmp_path / "page.html"
    with comparison_page(path) as page:
        page.add("a <b>&.jpg", Image.new("RGB", (30, 20), "red"), Image.new("RGB", (30, 20)))
        page.add("second.jpg", Image.new("RGB", (20, 30)), Image.new("RGB", (20, 30)))
        assert not path.exists()
    text = path.read_text(encoding="utf-8")
    tags = Tags(text)
    assert not tags.open
    images = [attributes for tag, attributes in tags.found if tag == "img"]
    assert [image["class"] for image in images] == ["before", "after"] * 2
    for image in images:
        data = base64.b64decode(image["src"].removeprefix("data:image/jpeg;base64,"))
        assert Image.open(io.BytesIO(data)).size in {(30, 20), (20, 30)}
    assert images[0]["alt"] == "a <b>&.jpg before"
    sliders = [attributes for tag, attributes in tags.found if attributes.get("type") == "range"]
    assert [slider["value"] for slider in sliders] == ["50", "50"]
    assert not re.search(r"(src|href)=\"(?!data:)|https?://|url\(|@import", text)


def test_a_page_that_failed_is_not_there(tmp_path):
    with pytest.raises(RuntimeError), comparison_page(tmp_path / "page.html"):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("caught", [False, True])
def test_a_page_on_a_full_disk_is_not_there(small_disk, rng, caught):
    """The same holds if the caller continues after the photograph that did not fit."""
    noise = Image.fromarray(rng.integers(0, 256, (300, 300, 3), dtype=np.uint8))
    path = small_disk / "page.html"
    message = "page.html: could not be written"
    with pytest.raises(NoSpaceError, match=message), comparison_page(path) as page:
        for _ in range(4):
            try:
                page.add("noise", noise, noise)
            except NoSpaceError:
                if not caught:
                    raise
    assert list(small_disk.iterdir()) == []


def test_photographs_are_shown_in_their_own_shape(tmp_path):
    """On a phone in landscape orientation, portrait pictures were once 3.26 times too wide."""
    chromium = require_program("chromium", "chromium")
    page_file = tmp_path / "page" / "comparison.html"
    sizes = ((1280, 960), (960, 1280), (1280, 400), (300, 200))
    with comparison_page(page_file) as page:
        for size in sizes:
            page.add(f"{size}", Image.new("RGB", size, "red"), Image.new("RGB", size))
    pictures = shown_pictures(chromium, page_file, tmp_path / "profile")
    check_shapes(pictures, 2 * len(sizes))
    for picture in pictures:
        assert picture["shown"][1] <= 0.86 * picture["viewport"][1]


def test_a_page_without_photographs_is_not_there(tmp_path):
    with comparison_page(tmp_path / "page.html"):
        pass
    assert list(tmp_path.iterdir()) == []
