"""Makes file names safe to print and to write."""

from pathlib import Path


def printable(name: str | Path) -> str:
    r"""Return a name on one line, without terminal control characters.

    Line breaks, escape codes, other non-printable characters and bytes that are not text become
    escapes, for example `a\nb.jpg` and `\udcff.jpg`.
    """
    return "".join(
        character if character.isprintable() else ascii(character)[1:-1] for character in str(name)
    )


def printable_lines(text: str) -> str:
    """Return a message of one or more lines, each without terminal control characters."""
    return "\n".join(map(printable, text.split("\n")))


def is_text(name: str) -> bool:
    """Return whether a name can be encoded in UTF-8.

    The operating system accepts any bytes as a file name.
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
