"""Every setting of an export, checked before any work begins."""

import importlib.util
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from keras_f2a.data.pairs import BUNDLED_SCENES
from keras_f2a.support.errors import InputError

TFLITE_FORMATS = ("float32", "float16", "int8", "int8_qat")
FORMATS = ("saved_model", *TFLITE_FORMATS)
SIDE_MULTIPLE = 16
ANDROID_DEMO = "android_demo"
"""The Android project, from the root of a checkout."""

_PACKAGES = {
    "saved_model": {"tensorflow_serving": "tensorflow-serving-api"},
    "float32": {"ai_edge_litert": "ai-edge-litert"},
    "float16": {"ai_edge_litert": "ai-edge-litert"},
    "int8": {"ai_edge_litert": "ai-edge-litert", "litert_quantizer": "litert-quantizer"},
    "int8_qat": {
        "ai_edge_litert": "ai-edge-litert",
        "tf_keras": "tf-keras",
        "tensorflow_model_optimization": "tensorflow-model-optimization",
    },
}


class ImageSize(NamedTuple):
    """The fixed size of a `.tflite` file's images, in pixels."""

    height: int
    width: int

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"

    @classmethod
    def parse(cls, text: str) -> "ImageSize":
        """Reads `WIDTHxHEIGHT`, for example `320x240`.

        Raises:
            InputError: The text has another form.
        """
        found = re.fullmatch(r"(\d+)x(\d+)", text)
        if found is None:
            raise InputError(f"--size {text}: give WIDTHxHEIGHT in pixels, for example 320x240")
        width, height = map(int, found.groups())
        return cls(height, width)


@dataclass(frozen=True)
class ExportSettings:
    """The settings of `export_generator`.

    Attributes:
        model: A run directory or the `.keras` file of a generator.
        output: The folder that the files go to, made if missing.
        formats: Some of `FORMATS`.
        sizes: The sizes of the `.tflite` files, one file of each format for each; sides are
            multiples of 16.
        calibration_data: Folder with `train/` pairs, for calibration and fine-tuning, and `test/`
            (or `val/`) pairs, on which the files are measured.
        name: The model's name, the start of every file's name.
        model_version: The version, TF Serving's folder and a line of the metadata.
        max_megapixels: The largest photograph that the SavedModel takes.
        fine_tuning_steps: Steps of quantisation-aware training.
        threads: Of the measured `.tflite` runs.
        allow_inexact: Whether files that miss their gate are kept.
        android: The Android project that the int8 file is put into; `None` for none.
    """

    model: str
    output: str
    formats: tuple[str, ...] = FORMATS
    sizes: tuple[ImageSize, ...] = (ImageSize(240, 320),)
    calibration_data: str = str(BUNDLED_SCENES)
    name: str = "flash_to_ambient"
    model_version: int = 1
    max_megapixels: float = 2.0
    fine_tuning_steps: int = 40
    threads: int = field(default_factory=lambda: os.cpu_count() or 1)
    allow_inexact: bool = False
    android: str | None = None

    def check(self) -> None:
        """Checks every setting, and that the packages for the formats are installed.

        Raises:
            InputError: A setting is out of range or a package is missing; the message names it.
        """
        self._check_formats()
        if not self.sizes:
            raise InputError("--size: name at least one size, for example 320x240")
        for size in self.sizes:
            _check_size(size)
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", self.name):
            raise InputError(f"--name {self.name}: use letters, digits, _ and - only")
        for name in ("model_version", "max_megapixels", "fine_tuning_steps", "threads"):
            if getattr(self, name) <= 0:
                option = "--" + name.replace("_", "-")
                raise InputError(f"{option} {getattr(self, name)}: must be more than 0")

        pixels = self.sizes[0].height * self.sizes[0].width
        if "saved_model" in self.formats and pixels > self.max_megapixels * 1e6:
            raise InputError(
                f"--max-megapixels {self.max_megapixels:g}: less than the {self.sizes[0]} pixels "
                "of --size, on which the SavedModel is measured"
            )
        if self.android is not None:
            self._check_android()

    def _check_android(self) -> None:
        if "int8" not in self.formats:
            raise InputError("--android: the app takes the int8 file; add int8 to --formats")
        if len(self.sizes) != 1:
            raise InputError("--android: the app takes one size; give --size one only")
        if self.allow_inexact:
            raise InputError("--android: the app takes no inexact file; omit --allow-inexact")

    def _check_formats(self) -> None:
        if not self.formats:
            raise InputError(f"--formats: name at least one of {', '.join(FORMATS)}")
        for name in self.formats:
            if name not in FORMATS:
                raise InputError(f"--formats {name}: must be one of {', '.join(FORMATS)}")
            for module, package in _PACKAGES[name].items():
                if importlib.util.find_spec(module) is None:
                    raise InputError(
                        f"--formats {name}: needs the package {package}: "
                        "pip install 'keras_f2a[export]'"
                    )

    def prepare_output(self) -> Path:
        """Makes the output folder and checks that it is writable.

        Raises:
            InputError: It cannot be made or written.
        """
        folder = Path(self.output)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe = folder / ".write-probe"
            probe.write_bytes(b"0")
            probe.unlink()
        except OSError as error:
            raise InputError(
                f"--output {folder}: cannot be written ({error.strerror}); choose another folder"
            ) from error
        return folder


def _check_size(size: ImageSize) -> None:
    if min(size) < SIDE_MULTIPLE or any(side % SIDE_MULTIPLE for side in size):
        nearest = ImageSize(*(max(1, round(side / SIDE_MULTIPLE)) * SIDE_MULTIPLE for side in size))
        raise InputError(
            f"--size {size}: both sides must be multiples of {SIDE_MULTIPLE}, so that the file "
            f"needs no padding; the nearest is {nearest}"
        )
