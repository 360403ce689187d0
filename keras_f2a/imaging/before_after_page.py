"""Writes an HTML page that compares photographs before and after, with a draggable divider."""

import base64
import html
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from PIL import Image

from keras_f2a.support.atomic_file import (
    check_writable,
    free_name,
    publish,
    temporary_path,
    write_failure,
)
from keras_f2a.support.errors import TakenError, WorkError
from keras_f2a.support.printable import printable

_QUALITY = 85

_HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Before and after</title>
<style>
body { margin: 2rem auto; max-width: 1280px; padding: 0 1rem;
       font-family: system-ui, sans-serif; background: #1b1b1b; color: #eee; }
figure { margin: 0 0 3rem; }
figcaption { margin-bottom: .5rem; }
.pair { position: relative; width: fit-content; margin: auto; --divider: 50%; }
.pair img { display: block; width: auto; height: auto; max-width: 100%; max-height: 85vh; }
.pair img.after { position: absolute; inset: 0; width: 100%; height: 100%; max-height: none;
               clip-path: inset(0 0 0 var(--divider)); }
.pair .line { position: absolute; top: 0; bottom: 0; left: var(--divider); width: 2px;
              margin-left: -1px; background: #fff; box-shadow: 0 0 4px #000; }
.pair .name { position: absolute; top: .5rem; padding: .1rem .5rem; border-radius: .3rem;
              background: #000a; }
.pair .name.left { left: .5rem; }
.pair .name.right { right: .5rem; }
.pair input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0;
              cursor: ew-resize; touch-action: pan-y; }
.pair:focus-within .line { width: 4px; margin-left: -2px; }
</style>
</head>
<body>
<h1>Before and after</h1>
<p>Drag the divider, or focus a photograph and use the arrow keys.</p>
"""

_FIGURE = """<figure>
<figcaption>{name}</figcaption>
<div class="pair">
<img class="before" src="{before}" alt="{name} before" width="{width}" height="{height}">
<img class="after" src="{after}" alt="{name} after">
<span class="name left">before</span><span class="name right">after</span>
<div class="line"></div>
<input type="range" min="0" max="100" step="0.1" value="50" aria-label="Divider of {name}">
</div>
</figure>
"""

_TAIL = """<script>
for (const slider of document.querySelectorAll(".pair input")) {
  const move = () => slider.parentElement.style.setProperty("--divider", slider.value + "%");
  slider.addEventListener("input", move);
  move();
}
</script>
</body>
</html>
"""


class ComparisonPage:
    """A comparison page that is being written. See `comparison_page`.

    Attributes:
        path: The page's file. `None` until the `with` block ends, or if no page was written.
        failure: Why a photograph could not be added, or `None`. A page with a failure is deleted.
        is_empty: Whether no photograph was added yet.
    """

    def __init__(self, path: Path, file: TextIO):
        self._target = path
        self._file = file
        self.path: Path | None = None
        self.failure: WorkError | None = None
        self.is_empty = True

    def add(self, name: str, before: Image.Image, after: Image.Image) -> None:
        """Add a photograph.

        Args:
            name: The caption.
            before: The original, an RGB image at the size to embed. The color profile in the
                `info` of either image is kept.
            after: The corrected photograph, at the same size.

        Raises:
            WorkError: The page could not be written.
        """
        width, height = before.size
        values = {"before": _data_url(before), "after": _data_url(after)}
        name = html.escape(printable(name), quote=True)
        try:
            self._file.write(_FIGURE.format(name=name, width=width, height=height, **values))
        except OSError as error:
            self.failure = write_failure(self._target, error)
            raise self.failure from error
        self.is_empty = False


@contextmanager
def comparison_page(path: str | Path, *, force: bool = True) -> Iterator[ComparisonPage]:
    """Write a comparison page, to which photographs are added inside the `with` block.

    The page is one file that needs no server and no network, because the pictures are embedded
    in it (about 100 to 300 kB each). The file appears under its name when the block ends, if a
    photograph was added.

    Args:
        path: The page's file. Missing folders are created.
        force: Whether to replace an existing file. Otherwise the page gets the first of the names
            `NAME.html`, `NAME-2.html` and so on that is free when the block ends.

    Raises:
        InputError: The path is not writable.
        WorkError: The page could not be written.
    """
    path = Path(path)
    check_writable(path if force else free_name(path), force)
    temporary = temporary_path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("w", encoding="utf-8") as file:
            file.write(_HEAD)
            page = ComparisonPage(path, file)
            yield page
            if page.failure is not None:  # The file may hold part of a photograph.
                raise page.failure
            file.write(_TAIL)
        if not page.is_empty:
            page.path = _publish_page(temporary, path, force)
    except OSError as error:
        raise write_failure(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def _publish_page(temporary: Path, path: Path, force: bool) -> Path:
    while True:
        page = path if force else free_name(path)
        try:
            publish(temporary, page, force=force)
            return page
        except TakenError:
            if force:
                raise


def _data_url(image: Image.Image) -> str:
    encoded = io.BytesIO()
    image.save(encoded, "JPEG", quality=_QUALITY, icc_profile=image.info.get("icc_profile"))
    return "data:image/jpeg;base64," + base64.b64encode(encoded.getvalue()).decode("ascii")
