"""Measures the aspect ratios with which a page shows its pictures in Chromium."""

import functools
import json
import queue
import subprocess
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

from tests.export.chromium import OPTIONS, SECONDS

VIEWPORTS = ((1280, 900), (1920, 1080), (390, 844), (844, 390))
"""Two screens, and a phone in portrait and landscape orientation."""

_HARNESS = """<!DOCTYPE html><body>
{frames}
<script>
const measure = async () => {{
  const found = [];
  for (const frame of document.querySelectorAll("iframe")) {{
    const pictures = [...frame.contentDocument.images];
    for (const image of pictures) image.loading = "eager";
    for (const image of pictures) await image.decode();
    for (const image of pictures) {{
      const shown = image.getBoundingClientRect();
      found.push({{
        viewport: [frame.clientWidth, frame.clientHeight],
        natural: [image.naturalWidth, image.naturalHeight],
        shown: [shown.width, shown.height],
      }});
    }}
  }}
  return JSON.stringify(found);
}};
addEventListener("load", async () => {{
  const body = await measure().catch((error) => JSON.stringify(String(error)));
  fetch("/found", {{ method: "POST", body }});
}});
</script>
"""


def shown_pictures(chromium, page, profile):
    """Return viewport, natural size and shown size of each picture of a page in each viewport.

    `page` is an HTML file with its pictures next to it or embedded. `profile` is an empty folder.
    """
    frames = "".join(
        f'<iframe src="/{page.name}" width="{width}" height="{height}" frameborder="0"></iframe>'
        for width, height in VIEWPORTS
    )
    (page.parent / "harness.html").write_text(_HARNESS.format(frames=frames))
    replies = queue.Queue()
    handler = functools.partial(_Handler, replies, directory=str(page.parent))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/harness.html"
    browser = subprocess.Popen(
        [chromium, *OPTIONS, f"--user-data-dir={profile}", address],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        found = json.loads(replies.get(timeout=SECONDS))
    finally:
        browser.terminate()
        browser.wait()
        server.shutdown()
        server.server_close()
    assert isinstance(found, list), found
    return found


def check_shapes(pictures, count):
    """Check that every picture keeps its aspect ratio and fits the width of the viewport."""
    assert len(pictures) == count * len(VIEWPORTS)
    assert {tuple(picture["viewport"]) for picture in pictures} == set(VIEWPORTS)
    for picture in pictures:
        (width, height), (natural_width, natural_height) = picture["shown"], picture["natural"]
        assert width > 20 and height > 20, picture
        assert abs(width / height / (natural_width / natural_height) - 1) < 0.02, picture
        assert width <= picture["viewport"][0], picture


class _Handler(SimpleHTTPRequestHandler):
    """Serves a folder and receives what the page measured."""

    def __init__(self, replies, *arguments, **options):
        self._replies = replies
        super().__init__(*arguments, **options)

    def do_POST(self):  # noqa: N802 - the server calls this name
        self._replies.put(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass
