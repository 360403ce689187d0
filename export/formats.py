"""The export formats: their packages, their files and their required parity."""

from collections.abc import Mapping
from dataclasses import dataclass, field

INPUT, OUTPUT = "flash", "ambient"
"""Names of the input and output tensors of every exported generator."""


@dataclass(frozen=True)
class ExportFormat:
    """The properties of a format. Its writer is in `export.writers`.

    Attributes:
        required_parity: Minimum PSNR in dB against the Keras model's output, as the mean over
            images.
        packages: The required packages, as package names by imported module.
        suffix: File name suffix, or empty if the format is a folder.
        any_size: Whether one file takes images of any size.
        opt_in: Whether the format is written only if it is named.
    """

    required_parity: float
    packages: Mapping[str, str] = field(default_factory=dict)
    suffix: str = ""
    any_size: bool = False
    opt_in: bool = False


_LITERT = {"ai_edge_litert": "ai-edge-litert"}
_QUANTIZER = {"litert_quantizer": "litert-quantizer"}
_QUANTIZATION_AWARE = {
    "tf_keras": "tf-keras",
    "tensorflow_model_optimization": "tensorflow-model-optimization",
}
_ONNX = {"onnx": "onnx", "onnxruntime": "onnxruntime", "tf2onnx": "tf2onnx"}

FORMATS = {
    "saved_model": ExportFormat(
        90.0, {"tensorflow_serving": "tensorflow-serving-api"}, any_size=True
    ),
    "float32": ExportFormat(90.0, _LITERT, ".tflite"),
    "float16": ExportFormat(60.0, _LITERT, ".tflite"),
    "int8": ExportFormat(38.0, _LITERT | _QUANTIZER, ".tflite"),
    "int8_qat": ExportFormat(38.0, _LITERT | _QUANTIZATION_AWARE, ".tflite"),
    "onnx": ExportFormat(90.0, _ONNX, ".onnx", any_size=True),
    "onnx_int8": ExportFormat(38.0, _ONNX, ".onnx"),
    "triton": ExportFormat(90.0, _ONNX, any_size=True, opt_in=True),
    "darktable": ExportFormat(90.0, _ONNX, ".dtmodel", any_size=True, opt_in=True),
}
"""All formats by name."""


def names(suffix: str | None = None) -> tuple[str, ...]:
    """Return the names of the formats.

    Args:
        suffix: Return only formats with this suffix. `None` returns all.
    """
    return tuple(
        name
        for name, file_format in FORMATS.items()
        if suffix is None or file_format.suffix == suffix
    )
