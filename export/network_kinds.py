"""What an export does for each kind of network: a generator, or one for placed light."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace

from keras_f2a.models import PlacedLight
from keras_f2a.support.errors import InputError

from .generator import Generator
from .held_out import HeldOut, held_out
from .placed_light import NAME, PLACED_WRITERS, held_out_lights
from .settings import ExportSettings
from .writer import Writer
from .writers import WRITERS


@dataclass(frozen=True)
class NetworkKind:
    """A kind of network.

    Attributes:
        writers: The formats that it can have.
        held_out: What files of one size are measured on, as `export.held_out.held_out`.
        settings: Return the settings with this kind's own defaults, or say what it cannot have.
    """

    writers: Mapping[str, Writer]
    held_out: Callable[..., HeldOut]
    settings: Callable[[ExportSettings], ExportSettings]


def kind_of(generator: Generator) -> NetworkKind:
    """Return the kind of a loaded network."""
    if isinstance(generator.model, PlacedLight):
        return NetworkKind(PLACED_WRITERS, held_out_lights, _placed_settings)
    return NetworkKind(WRITERS, held_out, lambda settings: settings)


def _placed_settings(settings: ExportSettings) -> ExportSettings:
    """Return the settings of a network for placed light.

    Raises:
        InputError: It cannot have a format.
    """
    usual = {item.name: item.default for item in fields(ExportSettings)}
    if settings.name == usual["name"]:
        settings = replace(settings, name=NAME)
    if settings.formats == usual["formats"]:
        return replace(settings, formats=tuple(PLACED_WRITERS))
    foreign = [name for name in settings.formats if name not in PLACED_WRITERS]
    if foreign:
        raise InputError(
            f"a network for placed light is exported as {' or '.join(PLACED_WRITERS)} only",
            setting="formats",
            value=foreign[0],
        )
    return settings
