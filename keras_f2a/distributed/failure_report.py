"""Writes the photographs that were not corrected to a CSV file."""

import csv
import io
import tempfile
from collections.abc import Sequence
from pathlib import Path

from keras_f2a.correction.folders import Failure
from keras_f2a.distributed.locations import is_remote
from keras_f2a.distributed.stores import open_folder
from keras_f2a.support.atomic_file import named_file

REPORT_NAME = "failures.csv"


def write_report(output: str, failures: Sequence[Failure]) -> str:
    """Write `failures.csv` to the output folder, replacing an earlier one.

    Args:
        output: The folder, a path or a URL.
        failures: Path and reason of each photograph. Without failures, the file has only a header.

    Returns:
        The location of the file.

    Raises:
        WorkError: The file could not be written.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("path", "reason"))
    writer.writerows(failures)
    # File names that are not valid UTF-8 keep their bytes.
    content = text.getvalue().encode("utf-8", "surrogateescape")
    folder = open_folder(output)
    with (
        tempfile.TemporaryDirectory() as scratch,
        folder.stage(REPORT_NAME, Path(scratch), force=True) as path,
    ):
        if is_remote(output):
            path.write_bytes(content)
        else:
            with named_file(path) as temporary:
                temporary.write_bytes(content)
    return folder.display_path(REPORT_NAME)
