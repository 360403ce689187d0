"""The worker process of a service. A bad photograph can end only this process.

It reads requests from standard input and writes responses to standard output, in the frames of
`keras_f2a.correction.guarded_process`. Requests name files, so no pixels go through the pipes.
"""

import json
import logging
import os
import signal
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

from keras_f2a.correction.corrector import Corrector
from keras_f2a.correction.file_correction import FileCorrection
from keras_f2a.correction.guarded_process import receive, send, take_over_streams
from keras_f2a.correction.one_file import correct_content, correct_file
from keras_f2a.correction.settings import CorrectionSettings, OutputSettings
from keras_f2a.imaging.file_kind import detect_kind
from keras_f2a.imaging.photo_limits import TooManyPixelsError
from keras_f2a.support.errors import (
    InputError,
    NoSpaceError,
    NotWrittenError,
    TargetError,
    WorkError,
    one_line,
)
from keras_f2a.support.packages import install_hint

WRONG_INPUT, UNSUPPORTED, TOO_LARGE = "wrong input", "unsupported", "too large"
WRONG_SETTING, FAILED = "wrong setting", "failed"
NO_SPACE, NOT_WRITTEN = "no space", "not written"
"""Values of a response's `failure`."""
# Python, the libraries, a small model and its arena.
_BASE_BYTES = 1_000_000_000
_BYTES_PER_THREAD = 16_000_000
# Twice the need of a 16-bit PNG with alpha, which is the most of all formats.
_BYTES_PER_PIXEL = 64


def serve(settings: str, threads: int, max_megapixels: float) -> None:
    """Load the model, report it, and correct photographs until the input ends.

    Args:
        settings: The settings of the correction, as `settings_text` writes them.
        threads: How many threads a `.tflite` or `.onnx` model computes in.
        max_megapixels: The largest photograph that may be requested.
    """
    requests, responses = take_over_streams()
    # The parent gets SIGTERM too. It ends this process after the current photograph.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    log = _LogCollector()
    logging.getLogger().addHandler(log)
    _limit_memory(threads, max_megapixels)
    with suppress(EOFError, BrokenPipeError):
        try:
            corrector = Corrector(CorrectionSettings(**json.loads(settings)), threads=threads)
        except (InputError, WorkError) as error:
            return send(responses, _failure(error))
        except ModuleNotFoundError as error:  # For example, a `.keras` file needs TensorFlow.
            message = install_hint(error.name) or one_line(error)
            return send(responses, {"error": message, "failure": WRONG_INPUT})
        except MemoryError:
            return send(responses, {"error": "out of memory", "failure": FAILED})
        send(responses, {"log": log.take()})
        while True:
            header, _ = receive(requests)
            response = _correct(corrector, header)
            send(responses, response | {"log": log.take()})


def settings_text(settings: Any) -> str:
    """Return settings as JSON. A path becomes a string, and a NumPy number a Python number."""
    values = {item.name: getattr(settings, item.name) for item in fields(settings)}
    return json.dumps(values, default=_json_value)


def _json_value(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else os.fspath(value)


def _correct(corrector: Corrector, request: dict[str, Any]) -> dict[str, Any]:
    """Correct the photograph of a request and return the response."""
    source = Path(request["source"])
    try:
        try:
            corrector = corrector.with_settings(**request["changes"])
        except InputError as error:
            return {"error": str(error), "failure": WRONG_SETTING}
        steps = FileCorrection(OutputSettings(**request["output"]))
        if request["target"] is None:
            result = correct_content(source, steps=steps, correct=corrector.correct_image)
        else:
            target = Path(request["target"])
            result = correct_file(source, target, steps=steps, correct=corrector.correct_image)
    except (InputError, WorkError) as error:
        return _failure(error, source)
    except MemoryError:
        return {"error": "out of memory", "failure": FAILED}
    except Exception as error:  # An unexpected error costs this photograph, but not the process.
        return {"error": one_line(error), "failure": FAILED}
    return {**result._asdict(), "target": str(result.target)}


def _failure(error: Exception, source: Path | None = None) -> dict[str, Any]:
    failure = WRONG_INPUT if isinstance(error, InputError) else FAILED
    if isinstance(error, NoSpaceError):
        failure = NO_SPACE
    elif isinstance(error, TargetError | NotWrittenError):
        failure = NOT_WRITTEN
    elif isinstance(error, TooManyPixelsError):
        failure = TOO_LARGE
    elif isinstance(error, InputError) and source is not None and not _is_photograph(source):
        failure = UNSUPPORTED
    return {"error": str(error), "failure": failure}


def _is_photograph(source: Path) -> bool:
    try:
        return not source.is_file() or bool(
            detect_kind(source)
        )  # Opening a pipe may block forever.
    except OSError:
        return True  # Then its kind is not the problem.


def _limit_memory(threads: int, max_megapixels: float) -> None:
    """Limit the memory, except on Windows, so that a photograph that needs more fails here."""
    try:
        import resource
    except ImportError:
        return
    memory = _BASE_BYTES + _BYTES_PER_THREAD * threads
    memory += int(_BYTES_PER_PIXEL * max_megapixels * 1e6)
    _, hard_limit = resource.getrlimit(resource.RLIMIT_DATA)
    if hard_limit != resource.RLIM_INFINITY:
        memory = min(memory, hard_limit)
    resource.setrlimit(resource.RLIMIT_DATA, (memory, hard_limit))


class _LogCollector(logging.Handler):
    """Collects what the library logs, for the next response."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self._lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(record.getMessage())

    def take(self) -> list[str]:
        lines, self._lines = self._lines, []
        return lines
