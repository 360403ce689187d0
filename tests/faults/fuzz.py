"""`python -m tests.faults.fuzz READER`: looks for files that end a reader with more than one line.

atheris changes the files of a corpus and keeps what reaches new code. What it finds is written to
the current folder; a small one goes to `tests/faults/found`, whose files a test reads.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

FOUND = Path(__file__).parent / "found"
"""What it found, and some of what reached new code; a folder for each reader."""


def photo(path: Path) -> None:
    """Reads a photograph with all that is kept of it."""
    from keras_f2a.imaging.photo import open_photo

    open_photo(path, max_megapixels=1)


def keras(path: Path) -> None:
    """Checks a `.keras` file as is done before TensorFlow is imported."""
    from keras_f2a.model_files.keras_file import read_keras_file

    read_keras_file(path)


def tflite(path: Path) -> None:
    """Reads a `.tflite` file's tables as `--web` and `--android` do, and another one's card."""
    from keras_f2a.export.proven_file import image_size

    from keras_f2a.model_files.card import read_card

    card = path.with_name("card.json")
    card.write_bytes(path.read_bytes())
    for check in (lambda: read_card(card), lambda: image_size(path)):
        refused(check)


READERS: dict[str, Callable[[Path], None]] = {
    function.__name__: function for function in (photo, keras, tflite)
}


def refused(read: Callable[[], object]) -> bool:
    """Whether a reader refuses its file, which it does in one line; what else it raises is raised.

    Raises:
        AssertionError: The line is more than one, or endless.
    """
    from keras_f2a.support.errors import InputError, WorkError

    try:
        read()
    except (InputError, WorkError) as error:
        assert "\n" not in str(error) and len(str(error)) < 2000, str(error)[:500]
        return True
    return False


def read_bytes(reader: str, content: bytes) -> bool:
    """Gives a reader a file of this content; returns whether it was refused."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file.tflite" if reader == "tflite" else "file")
        path.write_bytes(content)
        return refused(lambda: READERS[reader](path))


def main() -> None:
    """Fuzzes until it is stopped or a file is found; libFuzzer's options may follow the reader."""
    import atheris

    with atheris.instrument_imports(include=["keras_f2a"]):
        import keras_f2a.export.proven_file

        import keras_f2a.imaging.photo
        import keras_f2a.model_files.keras_file  # noqa: F401
    reader = sys.argv.pop(1)
    atheris.Setup(sys.argv, lambda content: bool(read_bytes(reader, content)) and -1 or 0)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
