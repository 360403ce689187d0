"""Defines how each kind of network is exported: generators and networks for placed light."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from keras_f2a.models import PlacedLight, VGG16Generator
from keras_f2a.support.errors import InputError

from .generator import Generator
from .held_out import HeldOut, held_out
from .placed_light import NAME as PLACED_LIGHT
from .placed_light import PLACED_WRITERS, held_out_lights
from .settings import DEFAULT_FORMATS, GENERATOR_FORMATS, CompleteSettings, ExportSettings
from .writer import Writer
from .writers import WRITERS

NAME = "flash_to_ambient"
"""Default name of a generator, which starts the names of its files."""


@dataclass(frozen=True)
class NetworkKind:
    """A kind of network.

    Attributes:
        title: Name in messages.
        name: Default name of a model, which starts the names of its files.
        formats: Default formats.
        writers: Writers of all supported formats, by format.
        held_out: A function like `export.held_out.held_out`, which returns the data to measure on.
    """

    title: str
    name: str
    formats: tuple[str, ...]
    writers: Mapping[str, Writer]
    held_out: Callable[..., HeldOut]

    def complete(self, settings: ExportSettings) -> CompleteSettings:
        """Return the settings with this kind's defaults where none were given.

        Raises:
            InputError: A format is not supported, or a package for one is missing.
        """
        complete = settings.completed(name=self.name, formats=self.formats)
        for file_format in complete.formats:
            if file_format not in self.writers:
                raise InputError(
                    f"{self.title} can be exported only as {' or '.join(self.writers)}",
                    setting="formats",
                    value=file_format,
                )
        complete.check_formats()
        return complete


_GENERATOR = NetworkKind("a generator", NAME, GENERATOR_FORMATS, WRITERS, held_out)
_VGG16 = replace(_GENERATOR, formats=DEFAULT_FORMATS)
_PLACED_LIGHT = NetworkKind(
    "a network for placed light",
    PLACED_LIGHT,
    tuple(PLACED_WRITERS),
    PLACED_WRITERS,
    held_out_lights,
)


def network_kind(generator: Generator) -> NetworkKind:
    """Return the kind of a loaded network."""
    if isinstance(generator.model, PlacedLight):
        return _PLACED_LIGHT
    return _VGG16 if isinstance(generator.model, VGG16Generator) else _GENERATOR
