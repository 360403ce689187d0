"""Turns a trained generator into files for servers, phones and browsers, and proves each file.

Names are loaded when they are first used: the programs that measure a file in a process of their
own must not import TensorFlow through this package.
"""

import importlib

_HOME = {
    "ExportResult": "export.exporter",
    "ExportSettings": "export.settings",
    "export_generator": "export.exporter",
    "fine_tune": "export.quantization_aware",
    "put_into_app": "export.android",
    "read_metadata": "export.tflite_file",
    "write_saved_model": "export.saved_model",
}

__all__ = sorted(_HOME)


def __getattr__(name: str):
    if name not in _HOME:
        raise AttributeError(f"module 'export' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
