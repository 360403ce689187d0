"""Turns a trained generator into files for servers, phones and browsers, and proves each file.

The folder lies at the root of a checkout and is installed as `keras_f2a.export`.

Names are loaded when they are first used: the programs that measure a file in a process of their
own must not import TensorFlow through this package.
"""

import sys

import lazy_loader

_NAME = "keras_f2a.export"
# As `export`, from the root of a checkout, this is the same package: its modules are loaded once.
sys.modules.setdefault(_NAME, sys.modules[__name__])

__getattr__, __dir__, __all__ = lazy_loader.attach(
    _NAME,
    submod_attrs={
        "android": ["put_into_app"],
        "exporter": ["ExportResult", "export_generator"],
        "quantization_aware": ["fine_tune"],
        "saved_model": ["write_saved_model"],
        "settings": ["ExportSettings"],
        "tflite_file": ["read_metadata"],
    },
)
