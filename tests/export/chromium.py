"""Runs a `.tflite` file in headless Chromium with LiteRT.js."""

import functools
import queue
import subprocess
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np

PAGE = Path(__file__).parent / "browser"
SECONDS = 60
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def run_in_chromium(chromium, modules, model, images, profile):
    """Return a model's outputs for images, float32 (number, height, width, 3).

    `modules` is the folder with `node_modules`. `profile` is an empty folder for Chromium's files.
    """
    replies = queue.Queue()
    files = {"/model.tflite": Path(model).read_bytes(), "/images.bin": images.tobytes()}
    handler = functools.partial(_Handler, files, modules, replies)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/index.html"
    browser = subprocess.Popen(
        [chromium, *OPTIONS, f"--user-data-dir={profile}", address],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        path, body = replies.get(timeout=SECONDS)
    finally:
        browser.terminate()
        browser.wait()
        server.shutdown()
        server.server_close()
    assert path == "/outputs", body.decode()
    return np.frombuffer(body, np.float32).reshape(images.shape)


class _Handler(SimpleHTTPRequestHandler):
    """Serves the page, the npm modules and the test's files, and receives the page's reply."""

    def __init__(self, files, modules, replies, *arguments):
        self.files, self.modules, self.replies = files, modules, replies
        super().__init__(*arguments, directory=str(PAGE))

    def do_GET(self):  # noqa: N802 - the server calls this name
        if self.path not in self.files:
            super().do_GET()
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.files[self.path])

    def do_POST(self):  # noqa: N802
        self.replies.put((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def translate_path(self, path):
        if path.startswith("/node_modules/"):
            return str(self.modules / path.lstrip("/"))
        return super().translate_path(path)

    def log_message(self, *arguments):
        """Log no requests."""
