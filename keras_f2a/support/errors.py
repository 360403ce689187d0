"""The two ways in which work can fail, each with a message for the user.

Messages name settings as Python has them: `` `batch_size` `` or `` `width=1` `` between backticks.
A command shows them as its options; see `keras_f2a.support.command_line`.
"""

from pathlib import Path

from keras_f2a.support.printable import printable

_LONGEST = 300  # characters of a foreign message that still help


class InputError(ValueError):
    """The call or the input is wrong (exit code 2).

    Args:
        message: One line that says what is wrong and what to do.
        file: The file that it is about, with which the message then begins.
        setting: The setting, option or argument that is wrong, for example `"batch_size"`.
        value: What it was set to, if that helps.
    """

    def __init__(
        self,
        message: str,
        *,
        file: str | Path | None = None,
        setting: str | None = None,
        value: object = None,
    ):
        self.message = _about(file, message)
        super().__init__(self.message)
        self.setting = setting
        self.value = value

    def __str__(self) -> str:
        """Return the whole message, for example `batch_size=0: must be at least 1`."""
        if self.setting is None:
            return self.message
        value = "" if self.value is None else f"={self.value}"
        return f"{self.setting}{value}: {self.message}"


class WorkError(RuntimeError):
    """The call was right but the work failed (exit code 1).

    Args:
        message: One line that names what failed and says what is left.
        file: The file that it is about, with which the message then begins.
    """

    def __init__(self, message: str = "", *, file: str | Path | None = None):
        super().__init__(_about(file, message))


class TargetError(InputError):
    """No file can be written to the place that is named, whatever is to be written."""


class TakenError(TargetError):
    """Something that may not be replaced has the name of a file that is to be written."""


class NotWrittenError(WorkError):
    """A file could not be written; what it was to hold is not at fault."""


class NoSpaceError(NotWrittenError):
    """The disk is full: what would be written next would fail too."""


class LostWorkerError(WorkError):
    """Another process that shares the work is gone; start all of them again to resume."""


def _about(file: str | Path | None, message: str) -> str:
    if file is None:
        return message
    shown = printable(file) or "''"
    return f"{shown}: {message}"


def one_line(error: object) -> str:
    """Return what a foreign error says, in one line of at most 300 characters.

    Args:
        error: An exception, or a text. Of the operating system's errors only the reason is taken,
            without number and file, which the caller names; of one without words its type.
    """
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    reason = getattr(error, "strerror", None) or str(error)
    line = " ".join(reason.split())
    if not line and isinstance(error, BaseException):
        line = type(error).__name__
    return line if len(line) <= _LONGEST else line[:_LONGEST] + "…"
