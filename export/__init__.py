"""Exports a trained generator for servers, phones and browsers, and checks each exported file.

This folder is at the root of a checkout and is installed as `keras_f2a.export`.

Names are imported lazily. Programs that measure a file in a separate process must not import
TensorFlow through this package.
"""

import sys

import lazy_loader

_NAME = "keras_f2a.export"
# In the root of a checkout, `export` is the same package, so its modules must be loaded only once.
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
