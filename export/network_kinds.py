"""What an export does for each kind of network: a generator, or one for placed light."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from keras_f2a.models import PlacedLight
from keras_f2a.support.errors import InputError

from .generator import Generator
from .held_out import HeldOut, held_out
from .placed_light import NAME as PLACED_LIGHT
from .placed_light import PLACED_WRITERS, held_out_lights
from .settings import DEFAULT_FORMATS, CompleteSettings, ExportSettings
from .writer import Writer
from .writers import WRITERS

NAME = "flash_to_ambient"
"""With which the names of a generator's files start, unless they are called otherwise."""


@dataclass(frozen=True)
class NetworkKind:
    """A kind of network.

    Attributes:
        title: What messages call it.
        name: With which the names of its files start, unless they are called otherwise.
        formats: What is written unless formats are named.
        writers: The formats that it can have.
        held_out: What files of one size are measured on, as `export.held_out.held_out`.
    """

    title: str
    name: str
    formats: tuple[str, ...]
    writers: Mapping[str, Writer]
    held_out: Callable[..., HeldOut]

    def complete(self, settings: ExportSettings) -> CompleteSettings:
        """Return the settings with this kind's own where none were given.

        Raises:
            InputError: It cannot have a format.
        """
        complete = settings.completed(name=self.name, formats=self.formats)
        for file_format in complete.formats:
            if file_format not in self.writers:
                raise InputError(
                    f"{self.title} is exported as {' or '.join(self.writers)} only",
                    setting="formats",
                    value=file_format,
                )
        return complete


_GENERATOR = NetworkKind("a generator", NAME, DEFAULT_FORMATS, WRITERS, held_out)
_PLACED_LIGHT = NetworkKind(
    "a network for placed light",
    PLACED_LIGHT,
    tuple(PLACED_WRITERS),
    PLACED_WRITERS,
    held_out_lights,
)


def kind_of(generator: Generator) -> NetworkKind:
    """Return the kind of a loaded network."""
    return _PLACED_LIGHT if isinstance(generator.model, PlacedLight) else _GENERATOR
