"""The writers of all formats for generators."""

from .darktable import DarktableWriter
from .formats import names
from .onnx_formats import ONNXWriter
from .saved_model import SavedModelWriter
from .tflite_formats import TFLiteWriter
from .triton import TritonWriter
from .writer import Writer

WRITERS: dict[str, Writer] = {
    "saved_model": SavedModelWriter(),
    **{name: TFLiteWriter(name) for name in names(".tflite")},
    **{name: ONNXWriter(name) for name in names(".onnx")},
    "triton": TritonWriter(),
    "darktable": DarktableWriter(),
}
"""Writers by format, with the names in `export.formats.FORMATS`."""
