"""A running `keras-f2a serve`, whole and partial requests to it, and its metrics."""

import http.client
import json
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager

from prometheus_client.parser import text_string_to_metric_families


@contextmanager
def running_service(*arguments):
    """Start `keras-f2a serve` on a free port and yield the port and the process."""
    command = [sys.executable, "-m", "keras_f2a", "serve", "--port", "0", *arguments]
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
        try:
            line = process.stdout.readline()
            found = re.search(r"http://\S+:(\d+)", line)
            if not found:
                process.wait(30)
                errors.seek(0)
                raise RuntimeError(f"the service did not start: {line}{errors.read()}")
            yield int(found[1]), process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
            process.stdout.close()
        errors.seek(0)
        assert "Traceback" not in errors.read()


def metrics(port):
    """Return the service's metrics, each summed over its labels."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    connection.close()
    sums = Counter()
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            sums[sample.name] += sample.value
    return dict(sums)


def asked(port, content=None, path="/correct", method="POST", headers=()):
    """Send a request and return the status, headers and content of the response."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, content, dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def error_of(answer):
    """Return the status and the one-line message of an error response."""
    status, headers, content = answer
    assert headers["content-type"] == "application/json"
    (line,) = json.loads(content).values()
    assert line and "\n" not in line and "Traceback" not in line and "/tmp" not in line
    return status, line


@contextmanager
def begun(port, photograph):
    """Send half of a photograph and yield the connection and the other half."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.putrequest("POST", "/correct")
    connection.putheader("Content-Length", str(len(photograph)))
    half = len(photograph) // 2
    connection.endheaders(photograph[:half])
    yield connection, photograph[half:]
    connection.close()


def content_of(connection):
    """Return the content of a connection's response."""
    with connection.getresponse() as answer:
        return answer.read()


def wait_until(is_so):
    """Wait until a function returns true."""
    end = time.monotonic() + 120
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)
