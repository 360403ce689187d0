"""The process that runs a model file without a card. A damaged file can crash only this process.

It reads requests from standard input and writes responses to standard output, in frames. A frame is
the length of a JSON header in four bytes, the header, and as many bytes as its `size` says.
"""

import json
import math
import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import numpy as np

from keras_f2a.correction.engine import AnyEngine, LightEngine
from keras_f2a.correction.file_engines import file_engine
from keras_f2a.data.light_numbers import LIGHT_NUMBERS
from keras_f2a.support.errors import InputError, WorkError

CPU_SECONDS = 8
"""CPU time, over all threads, that loading a file and its first inference may take."""
_BASE_BYTES = 1_000_000_000
_BYTES_PER_THREAD = 16_000_000
# What a large network needs per pixel, for an image whose size the user chose.
_SECONDS_PER_PIXEL, _BYTES_PER_PIXEL = 2e-4, 4096
_TEST_SIDE = 64
_MAX_HEADER_BYTES = 100_000


def send(file: IO[bytes], header: dict[str, Any], content: bytes = b"") -> None:
    """Write a frame.

    Args:
        file: The pipe to write to.
        header: Values that JSON can hold.
        content: The bytes after the header.
    """
    text = json.dumps(header | {"size": len(content)}).encode()
    file.write(len(text).to_bytes(4, "big") + text)
    file.write(content)
    file.flush()


def receive(file: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """Read a frame.

    Raises:
        EOFError: The other side is gone.
        ValueError: What it sent is not a frame.
    """
    length = int.from_bytes(_read_exactly(file, 4), "big")
    if length > _MAX_HEADER_BYTES:
        raise ValueError("not the start of a frame")
    header = json.loads(_read_exactly(file, length))
    return header, _read_exactly(file, header["size"])


def serve(path: str, threads: int | None) -> None:
    """Load a file, test it on an image, and run it on images until the input ends.

    The first frame is the file's content.

    Args:
        path: The file's path, for its suffix and for messages.
        threads: How many threads it computes in; `None` uses one per core.
    """
    requests, responses = take_over_streams()
    with suppress(EOFError, BrokenPipeError):
        _, content = receive(requests)
        _limit_resources(0, threads)
        try:
            engine = file_engine(Path(path), threads, content=content)
            _test_run(engine)
        except (InputError, WorkError) as error:
            return send(responses, _failure(error))
        except MemoryError:
            too_large = "needs more memory than a file without a card may use"
            return send(responses, {"error": too_large, "is_input": True})
        takes_lights = isinstance(engine, LightEngine)
        send(responses, {"fixed_size": engine.fixed_size, "takes_lights": takes_lights})
        while True:
            _limit_resources(None, threads)
            header, content = receive(requests)
            shapes = header["shapes"] if "shapes" in header else [header["shape"]]
            inputs = unpack_arrays(shapes, content)
            height, width = inputs[0].shape[:2]
            _limit_resources(height * width if engine.fixed_size is None else 0, threads)
            try:
                fields, outputs = _run(engine, inputs)
            except (InputError, WorkError) as error:
                send(responses, _failure(error))
            else:
                fields["shapes"] = [output.shape for output in outputs]
                send(responses, fields, b"".join(output.tobytes() for output in outputs))


def unpack_arrays(shapes: Sequence[Sequence[int]], content: bytes) -> list[np.ndarray]:
    """Return the float32 arrays that a frame holds one after the other."""
    values = np.frombuffer(content, np.float32)
    arrays, offset = [], 0
    for shape in shapes:
        size = math.prod(shape)
        arrays.append(values[offset : offset + size].reshape(shape))
        offset += size
    return arrays


def _run(
    engine: AnyEngine, inputs: list[np.ndarray]
) -> tuple[dict[str, Any], Sequence[np.ndarray]]:
    """Return the extra fields of the response's header, and the response's arrays.

    A generator returns its output for an image. A network for placed light returns the features of
    an image, with the flash's share of the light in the header. For features and a light, it
    returns the light's gain.
    """
    if not isinstance(engine, LightEngine):
        return {}, [engine.run(inputs[0])]
    if len(inputs) == 1:
        encoded = engine.encode(inputs[0])
        return {"flash_share": encoded.flash_share}, encoded.features
    *features, light = inputs
    return {}, [engine.log_gain(features, light)]


def _test_run(engine: AnyEngine) -> None:
    height, width = engine.fixed_size or (_TEST_SIDE, _TEST_SIDE)
    image = np.random.default_rng(0).random((height, width, 3), np.float32)
    with suppress(WorkError):  # A photograph that it cannot run on gets this error.
        _, outputs = _run(engine, [image])
        if isinstance(engine, LightEngine):
            engine.log_gain(outputs, np.zeros(LIGHT_NUMBERS, np.float32))


def _failure(error: Exception) -> dict[str, Any]:
    return {"error": str(error), "is_input": isinstance(error, InputError)}


def take_over_streams() -> tuple[IO[bytes], IO[bytes]]:
    """Return the process's two pipes, for requests and for responses.

    From then on, what native code prints is discarded and Ctrl-C is ignored.
    """
    requests, responses = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    null_device = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(null_device, descriptor)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the other side, which ends this one.
    return requests, responses


def _limit_resources(pixels: int | None, threads: int | None) -> None:
    """Limit the time and memory of the next step, except on Windows.

    `None` pixels means waiting for a request, which has no time limit.
    """
    try:
        import resource
    except ImportError:
        return
    if pixels is None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        return
    memory = _BASE_BYTES + _BYTES_PER_PIXEL * pixels
    memory += _BYTES_PER_THREAD * (threads or os.cpu_count() or 1)
    _, hard_limit = resource.getrlimit(resource.RLIMIT_DATA)
    if hard_limit != resource.RLIM_INFINITY:
        memory = min(memory, hard_limit)
    resource.setrlimit(resource.RLIMIT_DATA, (memory, hard_limit))
    # The timer's signal ends the process, even inside native code.
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS + _SECONDS_PER_PIXEL * pixels)


def _read_exactly(file: IO[bytes], size: int) -> bytes:
    content = file.read(size)
    if len(content) < size:
        raise EOFError
    return content
