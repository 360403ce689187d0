"""The two ways in which a command can fail, each with a message for the user."""


class InputError(ValueError):
    """The call or the input is wrong (exit code 2).

    The message is one line that names the file or the option and says what to do.
    """


class WorkError(RuntimeError):
    """The call was right but the work failed (exit code 1).

    The message is one line that names what failed and says what is left.
    """


class NoSpaceError(WorkError):
    """The disk is full: what would be written next would fail too."""
