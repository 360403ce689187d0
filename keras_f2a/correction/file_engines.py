"""Chooses the engine that runs a file without TensorFlow, by suffix and signatures."""

from pathlib import Path

from keras_f2a.correction.engine import AnyEngine
from keras_f2a.correction.litert_engine import LiteRTEngine
from keras_f2a.correction.litert_file import LiteRTFile
from keras_f2a.correction.litert_light_engine import LiteRTLightEngine
from keras_f2a.model_files.placed_light_names import DECODE, ENCODE


def file_engine(
    path: Path, threads: int | None = None, *, content: bytes | None = None
) -> AnyEngine:
    """Load a file in this process.

    Args:
        path: A file with one of `keras_f2a.model_files.tflite_names.PLAIN_SUFFIXES`.
        threads: How many threads it computes in; `None` uses one per core.
        content: The file's content, if it has been read already.

    Returns:
        A generator, or a network for placed light.

    Raises:
        InputError: The file is damaged or holds another kind of model, or a package is missing.
        WorkError: Out of memory.
    """
    if path.suffix == ".onnx":
        # Late: the package's own models are `.tflite` files.
        from keras_f2a.correction.onnx_engine import ONNXEngine

        return ONNXEngine(path, threads, content=content)
    file = LiteRTFile(path, threads, content=content)
    if file.signatures >= {ENCODE, DECODE}:
        return LiteRTLightEngine(file)
    return LiteRTEngine(file)
