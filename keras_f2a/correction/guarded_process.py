"""The process that runs a model file without a card. A damaged file can crash only this process.

It reads requests from standard input and writes answers to standard output, in frames. A frame is
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

SECONDS = 8
"""CPU time, over all threads, that loading a file and its first inference may take."""
_BYTES = 1_000_000_000
_THREAD_BYTES = 16_000_000
# What a large network needs per pixel, for an image whose size the user chose.
_SECONDS_PER_PIXEL, _BYTES_PER_PIXEL = 2e-4, 4096
_TRIAL_SIDE = 64
_LONGEST_HEADER = 100_000  # bytes


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
    length = int.from_bytes(_exactly(file, 4), "big")
    if length > _LONGEST_HEADER:
        raise ValueError("not the start of a frame")
    header = json.loads(_exactly(file, length))
    return header, _exactly(file, header["size"])


def serve(path: str, threads: int | None) -> None:
    """Load a file, test it on an image, and run it on images until the input ends.

    The first frame is the file's content.

    Args:
        path: The file's path, for its suffix and for messages.
        threads: How many threads it computes in; `None` uses one per core.
    """
    requests, answers = own_streams()
    with suppress(EOFError, BrokenPipeError):
        _, content = receive(requests)
        _allow(0, threads)
        try:
            engine = file_engine(Path(path), threads, content=content)
            _try(engine)
        except (InputError, WorkError) as error:
            return send(answers, _failure(error))
        except MemoryError:
            too_large = "needs more memory than a file without a card may use"
            return send(answers, {"error": too_large, "is_input": True})
        takes_lights = isinstance(engine, LightEngine)
        send(answers, {"fixed_size": engine.fixed_size, "takes_lights": takes_lights})
        while True:
            _allow(None, threads)
            header, content = receive(requests)
            shapes = header["shapes"] if "shapes" in header else [header["shape"]]
            given = unpacked(shapes, content)
            height, width = given[0].shape[:2]
            _allow(height * width if engine.fixed_size is None else 0, threads)
            try:
                said, found = _answers(engine, given)
            except (InputError, WorkError) as error:
                send(answers, _failure(error))
            else:
                said["shapes"] = [one.shape for one in found]
                send(answers, said, b"".join(one.tobytes() for one in found))


def unpacked(shapes: Sequence[Sequence[int]], content: bytes) -> list[np.ndarray]:
    """Return the float32 arrays that a frame holds one after the other."""
    values, found, start = np.frombuffer(content, np.float32), [], 0
    for shape in shapes:
        size = math.prod(shape)
        found.append(values[start : start + size].reshape(shape))
        start += size
    return found


def _answers(
    engine: AnyEngine, given: list[np.ndarray]
) -> tuple[dict[str, Any], Sequence[np.ndarray]]:
    """Return the extra fields of the answer's header, and the answer's arrays.

    A generator returns its output for an image. A network for placed light returns the features of
    an image, with the flash's share of the light in the header. For features and a light, it
    returns the light's gain.
    """
    if not isinstance(engine, LightEngine):
        return {}, [engine.run(given[0])]
    if len(given) == 1:
        read = engine.encode(given[0])
        return {"flash_share": read.flash_share}, read.features
    return {}, [engine.log_gain(given[:-1], given[-1])]


def _try(engine: AnyEngine) -> None:
    height, width = engine.fixed_size or (_TRIAL_SIDE, _TRIAL_SIDE)
    image = np.random.default_rng(0).random((height, width, 3), np.float32)
    with suppress(WorkError):  # A photograph that it cannot run on gets this error.
        _, found = _answers(engine, [image])
        if isinstance(engine, LightEngine):
            engine.log_gain(found, np.zeros(LIGHT_NUMBERS, np.float32))


def _failure(error: Exception) -> dict[str, Any]:
    return {"error": str(error), "is_input": isinstance(error, InputError)}


def own_streams() -> tuple[IO[bytes], IO[bytes]]:
    """Return the process's two pipes, for requests and for answers.

    From then on, what native code prints is discarded and Ctrl-C is ignored.
    """
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(nowhere, descriptor)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the other side, which ends this one.
    return requests, answers


def _allow(pixels: int | None, threads: int | None) -> None:
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
    memory = _BYTES + _THREAD_BYTES * (threads or os.cpu_count() or 1) + _BYTES_PER_PIXEL * pixels
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    if most != resource.RLIM_INFINITY:
        memory = min(memory, most)
    resource.setrlimit(resource.RLIMIT_DATA, (memory, most))
    # The timer's signal ends the process, even inside native code.
    signal.setitimer(signal.ITIMER_PROF, SECONDS + _SECONDS_PER_PIXEL * pixels)


def _exactly(file: IO[bytes], size: int) -> bytes:
    content = file.read(size)
    if len(content) < size:
        raise EOFError
    return content
