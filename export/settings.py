"""The settings of an export, which are checked before any work starts."""

import importlib.util
import os
import re
from dataclasses import KW_ONLY, MISSING, dataclass, fields
from pathlib import Path
from typing import NamedTuple

from keras_f2a.data.scenes import BUNDLED_SCENES
from keras_f2a.support.errors import InputError
from keras_f2a.support.folders import writable_folder
from keras_f2a.support.settings import check_values, documented, setting

from .formats import FORMATS

DEFAULT_FORMATS = tuple(name for name, item in FORMATS.items() if not item.opt_in)
"""Default formats of a VGG16 generator."""
GENERATOR_FORMATS = tuple(name for name in DEFAULT_FORMATS if name != "int8_qat")
"""Default formats of all other generators."""
SIDE_MULTIPLE = 16
ANDROID_DEMO = "android_demo"
"""The Android project, relative to the root of a checkout."""
WEB_DEMO = "web_demo"
"""The web demo, relative to the root of a checkout."""
DEMOS = {"android": ANDROID_DEMO, "web": WEB_DEMO}
"""The demos that take an int8 file: default folders by option."""
_EXPORTED_SUFFIXES = {item.suffix for item in FORMATS.values() if item.suffix}
_MAX_VERSION = 2**63 - 1  # TF Serving's versions are int64.
_MAX_PHOTO_MEGAPIXELS = 2**31 / 1e6  # TensorFlow's decoders count pixels in 31 bits.


class ImageSize(NamedTuple):
    """The size of the images that a file is made for, in pixels."""

    height: int
    width: int

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"

    @classmethod
    def parse(cls, text: str) -> "ImageSize":
        """Read `WIDTHxHEIGHT`, for example `320x240`.

        Raises:
            InputError: The text has a different form.
        """
        match = re.fullmatch(r"([0-9]+)x([0-9]+)", text)
        if match is None:
            raise InputError(
                "give WIDTHxHEIGHT in pixels, for example 320x240", setting="sizes", value=text
            )
        width, height = map(int, match.groups())
        return cls(height, width)


@documented
@dataclass(frozen=True)
class ExportSettings:
    """The settings of `export_generator`."""

    model: str = setting(
        MISSING, "run directory or .keras file of a generator", metavar="RUN_OR_FILE"
    )
    output: str = setting(MISSING, "folder for the files", metavar="DIR")
    formats: tuple[str, ...] | None = setting(
        None,
        "formats to write, by default all that the network supports; int8_qat needs a VGG16 "
        "generator, and triton and darktable are written only if you name them",
        metavar="FORMAT",
        choices=tuple(FORMATS),
    )
    _: KW_ONLY
    sizes: tuple[ImageSize, ...] = setting(
        (ImageSize(240, 320),),
        "image sizes of the files with a fixed size, one file per format and size; multiples of "
        f"{SIDE_MULTIPLE}",
        metavar="WxH",
    )
    calibration_data: str = setting(
        str(BUNDLED_SCENES),
        "folder with train/ pairs for calibration and test/ (or val/) pairs to measure on; the "
        "bundled scenes are added to both",
        metavar="DIR",
    )
    about: str | None = setting(
        None,
        "TOML file that says who made the model, from what data and under which license; its texts "
        "go into the files' metadata",
        metavar="FILE",
    )
    name: str | None = setting(
        None,
        "the model's name, which starts every file name; by default flash_to_ambient, or "
        "placed_light for placed light",
    )
    model_version: int = setting(
        1,
        "version number for the server's folder and the metadata",
        at_least=1,
        at_most=_MAX_VERSION,
    )
    max_megapixels: float = setting(
        2.0,
        "largest photograph that the SavedModel accepts",
        more_than=0,
        at_most=_MAX_PHOTO_MEGAPIXELS,
    )
    fine_tuning_steps: int = setting(40, "steps of quantization-aware training", at_least=1)
    threads: int = setting(
        os.cpu_count() or 1, "threads for the measurements", at_least=1, at_most=512
    )
    allow_inexact: bool = setting(False, "keep files that miss their gate, and exit with 0")
    force: bool = setting(False, "replace existing files even if they come from another generator")
    android: str | None = setting(
        None, "put the int8 file into this Android project", metavar="DIR"
    )
    web: str | None = setting(
        None, "put the int8 file into this copy of the web demo", metavar="DIR"
    )
    rules: str = setting(
        "auto",
        "whether the demos apply the rules of light; auto applies them for the package's models "
        "and for networks for placed light",
        choices=("auto", "on", "off"),
    )

    def check(self) -> None:
        """Check every setting, and that the packages for the formats are installed.

        Raises:
            InputError: A setting is out of range or a package is missing. The message names it.
        """
        check_values(self)
        if Path(self.model).suffix in _EXPORTED_SUFFIXES:
            raise InputError(
                "is already exported; name the run directory or the .keras file that it was made "
                "from, or put it into a demo with `android` or `web`",
                setting="model",
                value=self.model,
            )
        self.check_formats()
        if not self.sizes:
            raise InputError("name at least one size, for example 320x240", setting="sizes")
        for size in self.sizes:
            if not isinstance(size, ImageSize):
                raise InputError("give ImageSize(height, width)", setting="sizes", value=size)
            _check_size(size)
        if self.name is not None and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", self.name):
            raise InputError("use letters, digits, _ and - only", setting="name", value=self.name)
        pixels = self.sizes[0].height * self.sizes[0].width
        if "saved_model" in self._requested_formats() and pixels > self.max_megapixels * 1e6:
            raise InputError(
                f"less than the {self.sizes[0]} pixels of `sizes`, on which the SavedModel is "
                "measured",
                setting="max_megapixels",
                value=self.max_megapixels,
            )
        if self.android is not None:
            self._check_demo("android", "app")
        if self.web is not None:
            self._check_demo("web", "page")

    def _check_demo(self, name: str, demo: str) -> None:
        if "int8" not in self._requested_formats():
            problem = f"the {demo} takes the int8 file; add int8 to `formats`"
        elif len(self.sizes) != 1:
            problem = f"the {demo} takes one size; give `sizes` only one"
        elif self.allow_inexact:
            problem = f"the {demo} does not take inexact files; omit `allow_inexact`"
        else:
            return
        raise InputError(problem, setting=name)

    def _requested_formats(self) -> tuple[str, ...]:
        """Return the formats, or the likely default before the network is known."""
        return GENERATOR_FORMATS if self.formats is None else self.formats

    def check_formats(self) -> None:
        """Check the formats, and that their packages are installed.

        Raises:
            InputError: There is no such format, or a package is missing.
        """
        if not self._requested_formats():
            raise InputError(f"name at least one of {', '.join(FORMATS)}", setting="formats")
        for name in self._requested_formats():
            if name not in FORMATS:
                raise InputError(
                    f"must be one of {', '.join(FORMATS)}", setting="formats", value=name
                )
            for module, package in FORMATS[name].packages.items():
                if importlib.util.find_spec(module) is None:
                    raise InputError(
                        f"needs the package {package}: pip install 'keras_f2a[export]'",
                        setting="formats",
                        value=name,
                    )

    def prepare_output(self) -> Path:
        """Create the output folder and check that it is writable.

        Raises:
            InputError: The folder cannot be created or is not writable.
        """
        return writable_folder(self.output, "output")

    def completed(self, *, name: str, formats: tuple[str, ...]) -> "CompleteSettings":
        """Return the settings with these defaults where no name or formats were given."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        if self.name is not None:
            name = self.name
        if self.formats is not None:
            formats = self.formats
        return CompleteSettings(**{**values, "name": name, "formats": formats})


@dataclass(frozen=True)
class CompleteSettings(ExportSettings):
    """The settings of an export whose network is known, with all defaults filled in."""

    formats: tuple[str, ...] = DEFAULT_FORMATS
    name: str = ""


def _check_size(size: ImageSize) -> None:
    if min(size) < SIDE_MULTIPLE or any(side % SIDE_MULTIPLE for side in size):
        nearest = ImageSize(
            *(max(1, int(side / SIDE_MULTIPLE + 0.5)) * SIDE_MULTIPLE for side in size)
        )
        raise InputError(
            f"both sides must be multiples of {SIDE_MULTIPLE}, so that the file needs no padding; "
            f"the nearest is {nearest}",
            setting="sizes",
            value=str(size),
        )
