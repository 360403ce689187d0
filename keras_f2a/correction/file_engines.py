"""The engines that run a generator's file without TensorFlow, by the file's suffix."""

from pathlib import Path

from keras_f2a.correction.engine import Engine
from keras_f2a.correction.litert_engine import LiteRTEngine


def file_engine(path: Path, threads: int | None = None, *, content: bytes | None = None) -> Engine:
    """Load a file in this process.

    Args:
        path: A file with one of `keras_f2a.model_files.tflite_names.PLAIN_SUFFIXES`.
        threads: How many threads it computes in; `None` uses one per core.
        content: What the file holds, if it is not to be read again.

    Raises:
        InputError: The file is damaged or holds another kind of model, or a package is missing.
        WorkError: There is not enough memory for it.
    """
    if path.suffix == ".onnx":
        # Late: our own model is a `.tflite` file.
        from keras_f2a.correction.onnx_engine import ONNXEngine

        return ONNXEngine(path, threads, content=content)
    return LiteRTEngine(path, threads, content=content)
