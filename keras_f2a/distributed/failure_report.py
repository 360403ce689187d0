"""The report of photographs that were not corrected: a table that programs read too."""

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
    """Write `failures.csv` into the output folder, in place of an earlier one.

    Args:
        output: The folder, a path or a URL.
        failures: Path and reason of each photograph; the file has a header alone where there is
            none.

    Returns:
        Where it is.

    Raises:
        WorkError: It could not be written.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("path", "reason"))
    writer.writerows(failures)
    # A name that is no text is written as it is on the disk.
    content = text.getvalue().encode("utf-8", "surrogateescape")
    folder = open_folder(output)
    with (
        tempfile.TemporaryDirectory() as scratch,
        folder.receiving(REPORT_NAME, Path(scratch)) as path,
    ):
        if is_remote(output):
            path.write_bytes(content)
        else:
            with named_file(path) as temporary:
                temporary.write_bytes(content)
    return folder.shown(REPORT_NAME)
