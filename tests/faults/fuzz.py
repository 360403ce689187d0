"""`python -m tests.faults.fuzz READER` looks for files that crash a reader.

atheris mutates the files of a corpus and keeps those that reach new code. It writes its findings
to the current folder. Small ones go to `tests/faults/found`, and a test reads the files there.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

FOUND = Path(__file__).parent / "found"
"""Files that the fuzzer found, and some that reached new code, in a folder for each reader."""


def photo(path: Path) -> None:
    """Read a photograph with all the metadata that is kept."""
    from keras_f2a.imaging.photo import open_photo

    open_photo(path, max_megapixels=1)


def keras(path: Path) -> None:
    """Check a `.keras` file with the checks that run before TensorFlow is imported."""
    from keras_f2a.model_files.keras_file import read_keras_file

    read_keras_file(path)


def tflite(path: Path) -> None:
    """Read a file as a `.tflite` file, like `--web` and `--android` do, and also as a card."""
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
    """Return whether a reader refuses its file with one line. Other exceptions are raised.

    Raises:
        AssertionError: The message has several lines or is endless.
    """
    from keras_f2a.support.errors import InputError, WorkError

    try:
        read()
    except (InputError, WorkError) as error:
        assert "\n" not in str(error) and len(str(error)) < 2000, str(error)[:500]
        return True
    return False


def read_bytes(reader: str, content: bytes) -> bool:
    """Write the content to a file, let a reader read it, and return whether it was refused."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file.tflite" if reader == "tflite" else "file")
        path.write_bytes(content)
        return refused(lambda: READERS[reader](path))


def main() -> None:
    """Fuzz until stopped or until a file fails. libFuzzer's options may follow the reader."""
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
