"""Names of files as they can be shown and written down."""

from pathlib import Path


def printable(name: str | Path) -> str:
    r"""Return a name on one line, without what would steer a terminal.

    Line breaks, escape codes, other characters that print nothing, and bytes that are no text
    become escapes, for example `a\nb.jpg` and `\udcff.jpg`.
    """
    return "".join(
        character if character.isprintable() else ascii(character)[1:-1] for character in str(name)
    )


def printable_lines(text: str) -> str:
    """Return a message of one or more lines, each without what would steer a terminal."""
    return "\n".join(map(printable, text.split("\n")))


def is_text(name: str) -> bool:
    """Return whether a name can be written in UTF-8.

    The system takes any bytes as a file's name.
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
