"""Turns a trained generator into files for servers, phones and browsers, and proves each file.

Names are loaded when they are first used: the programs that measure a file in a process of their
own must not import TensorFlow through this package.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "android": ["put_into_app"],
        "exporter": ["ExportResult", "export_generator"],
        "quantization_aware": ["fine_tune"],
        "saved_model": ["write_saved_model"],
        "settings": ["ExportSettings"],
        "tflite_file": ["read_metadata"],
    },
)
