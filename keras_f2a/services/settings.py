"""The settings of the HTTP service and of the watched folder, with every default."""

from dataclasses import dataclass, fields

from keras_f2a.correction.settings import CorrectionSettings, OutputSettings
from keras_f2a.support.settings import check_values, documented, same_setting, setting

LOADED_SETTINGS = frozenset({"model", "working_size"})
"""Settings of the correction that belong to the model; a request cannot change them."""
REQUEST_SETTINGS = (
    *(item.name for item in fields(CorrectionSettings) if item.name not in LOADED_SETTINGS),
    "quality",
    "mark_edited",
)
"""The settings of the correction and of its output that a request may name."""


@documented
@dataclass(frozen=True, kw_only=True)
class ServiceSettings:
    """The address and the limits of the HTTP service. The constructor checks them.

    Raises:
        InputError: A value is invalid; the error names the setting.
    """

    host: str = setting(
        "127.0.0.1",
        "address to listen on; 0.0.0.0 accepts other machines, and there is no login",
        metavar="ADDRESS",
    )
    port: int = setting(8765, "port to listen on; 0 picks a free one", at_least=0, at_most=65535)
    workers: int | None = setting(
        None,
        "processes that correct one photograph at a time; the default is one for each core",
        at_least=1,
        at_most=256,
    )
    waiting: int = setting(
        16,
        "requests that may wait for a process; others get 503 and are told when to try again",
        at_least=0,
        at_most=10_000,
    )
    seconds: float = setting(
        60.0,
        "time limit for each part of a request: upload, waiting, correction and download",
        more_than=0,
        at_most=86_400,
    )
    max_megabytes: float = setting(
        64.0, "refuse uploads that are larger", more_than=0, at_most=100_000
    )
    max_megapixels: float = same_setting(OutputSettings, "max_megapixels")

    def __post_init__(self):
        check_values(self)


@documented
@dataclass(frozen=True, kw_only=True)
class WatchSettings:
    """How a folder is watched. The constructor checks the settings.

    Raises:
        InputError: A value is invalid; the error names the setting.
    """

    recursive: bool = setting(False, "watch subfolders too")
    settle: float = setting(
        2.0,
        "seconds that a file must stay unchanged before it counts as complete",
        at_least=0.1,
        at_most=86_400,
    )
    seconds: float = setting(300.0, "time limit for one photograph", more_than=0, at_most=86_400)

    def __post_init__(self):
        check_values(self)
