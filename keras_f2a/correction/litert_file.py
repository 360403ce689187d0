"""A `.tflite` file in LiteRT. Threads take turns with it, and forked processes load it again."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from keras_f2a.support.errors import InputError, WorkError, one_line
from keras_f2a.support.fork_safe_lock import ForkSafeLock
from keras_f2a.support.native_notices import without_native_notices
from keras_f2a.support.printable import is_text, printable

if TYPE_CHECKING:
    from ai_edge_litert.interpreter import Interpreter


class LiteRTFile:
    """A `.tflite` file that LiteRT has loaded.

    The interpreter processes one image at a time, with every core or as many threads as it is
    given. So threads that share it take turns. A forked process loads the file again at its first
    image, because a fork does not copy the interpreter's own threads.

    Args:
        path: The `.tflite` file.
        threads: How many threads it computes in; `None` uses one per core.
        content: The file's content, if it has been read already.

    Attributes:
        path: The file.

    Raises:
        InputError: The file is damaged or holds another kind of model, or LiteRT is missing.
        WorkError: Out of memory.
    """

    def __init__(self, path: Path, threads: int | None = None, *, content: bytes | None = None):
        if content is None and not is_text(str(path)):  # LiteRT cannot open a file of such a name.
            content = path.read_bytes()
        self.path, self._threads, self._content = path, threads, content
        self._load()
        self._lock = ForkSafeLock()

    @property
    def signatures(self) -> set[str]:
        """The names of its signatures."""
        return set(self._interpreter.get_signature_list())

    @property
    def details(self) -> "Interpreter":
        """The interpreter, for details of its tensors only. Use `acquire` to run it."""
        return self._interpreter

    @contextmanager
    def acquire(self) -> Iterator["Interpreter"]:
        """Wait for the interpreter, and lock it for the block."""
        with self._lock:
            if os.getpid() != self._process_id:
                # Its destructor would wait for threads that this process does not have.
                ctypes.pythonapi.Py_IncRef(ctypes.py_object(self._interpreter))
                self._load()
            yield self._interpreter

    def _load(self) -> None:
        name = printable(self.path)
        try:
            from ai_edge_litert.interpreter import Interpreter
        except ImportError as error:
            raise InputError(
                f"{name}: running .tflite files needs a package: pip install ai-edge-litert"
            ) from error
        try:
            with without_native_notices():
                self._interpreter = Interpreter(
                    None if self._content else str(self.path),
                    model_content=self._content,
                    num_threads=self._threads or os.cpu_count(),
                )
                self._interpreter.allocate_tensors()
        except MemoryError as error:
            raise WorkError(f"{name}: out of memory") from error
        except (ValueError, RuntimeError) as error:
            raise InputError(
                f"{name}: not a model that LiteRT can run ({one_line(error)})"
            ) from error
        self._process_id = os.getpid()


def shape_of(tensor: dict) -> tuple[int | None, ...]:
    """Return a tensor's shape with `None` for open dimensions, as in Keras."""
    return tuple(None if side < 0 else int(side) for side in tensor["shape_signature"])
