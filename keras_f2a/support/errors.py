"""Defines the two kinds of errors, each with a message for the user.

Messages name settings as in Python, between backticks: `` `batch_size` `` or `` `width=1` ``. A
command shows them as its options. See `keras_f2a.support.command_line`.
"""

from pathlib import Path

from keras_f2a.support.printable import printable

_MAX_LENGTH = 300  # Characters to keep of another library's message.


class InputError(ValueError):
    """The call or the input is wrong (exit code 2).

    Args:
        message: One line that says what is wrong and what to do.
        file: The file that the error is about. The message then starts with it.
        setting: The setting, option or argument that is wrong, for example `"batch_size"`.
        value: The wrong value, if showing it helps.
    """

    def __init__(
        self,
        message: str,
        *,
        file: str | Path | None = None,
        setting: str | None = None,
        value: object = None,
    ):
        self.message = _prefix_file(file, message)
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
        message: One line that says what failed and what is left.
        file: The file that the error is about. The message then starts with it.
    """

    def __init__(self, message: str = "", *, file: str | Path | None = None):
        super().__init__(_prefix_file(file, message))


class TargetError(InputError):
    """No file can be written to the given path, whatever its content is."""


class TakenError(TargetError):
    """The output path belongs to something that must not be replaced."""


class NotWrittenError(WorkError):
    """A file could not be written, for a reason other than its content."""


class NoSpaceError(NotWrittenError):
    """The disk is full, so the next write would fail too."""


class LostWorkerError(WorkError):
    """Another worker process is gone. Restart all workers to resume."""


def _prefix_file(file: str | Path | None, message: str) -> str:
    if file is None:
        return message
    name = printable(file) or "''"
    return f"{name}: {message}"


def one_line(error: object) -> str:
    """Return another library's error message as one line of at most 300 characters.

    Args:
        error: An exception, or a text. An operating system error gives only its reason, without its
            number and its file, which the caller names. An error without a message gives its type.
    """
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    reason = getattr(error, "strerror", None) or str(error)
    line = " ".join(reason.split())
    if not line and isinstance(error, BaseException):
        line = type(error).__name__
    return line if len(line) <= _MAX_LENGTH else line[: _MAX_LENGTH - 1] + "…"
