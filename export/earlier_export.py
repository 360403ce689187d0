"""Handles the files of an earlier export: merges its report and loses nothing silently."""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from keras_f2a.support.errors import InputError

from .parity import Parity
from .report import JSON, MARKDOWN, ReportRow, table

_DAMAGE = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)
_WAY_OUT = "choose another `output`, or replace it with `force`"


def earlier_rows(folder: Path, *, force: bool) -> list[ReportRow]:
    """Read the rows of the report in a folder.

    Args:
        folder: The output folder.
        force: Whether files that have a report's name but are not reports may be replaced.

    Returns:
        The rows. Empty if there is no report, or if it is invalid and `force` is set.

    Raises:
        InputError: A file has a report's name but is not a report, and `force` is not set.
    """
    report = folder / JSON
    if not report.exists() and not (folder / MARKDOWN).exists():
        return []
    try:
        document = json.loads(report.read_text(encoding="utf-8"))
        rows = [_parse_row(row) for row in document["files"]]
        table(
            merge_rows(rows, rows)
        )  # A value of a wrong type fails here, and not after the export.
        return rows
    except _DAMAGE as error:
        if force:
            return []
        path = report if report.exists() else folder / MARKDOWN
        raise InputError(
            f"is not an export's report, and would be replaced; {_WAY_OUT}", file=path
        ) from error


def check_replaced(cards: Iterable[tuple[Path, Path]], generator_sha256: str) -> None:
    """Check that existing files with the export's names come from the same generator.

    Args:
        cards: Each file or folder that will be written, with its card.
        generator_sha256: Digest of the generator to export.

    Raises:
        InputError: One comes from another generator, or its card does not say.
    """
    for path, card in cards:
        if not path.exists() and not card.exists():
            continue
        try:
            digest = json.loads(card.read_text(encoding="utf-8"))["generator_sha256"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            digest = None
        if digest != generator_sha256:
            origin = "is from another generator" if digest else "has no card"
            raise InputError(
                f"{origin}, and would be replaced; "
                f"choose another `output` or `name`, or replace it with `force`",
                file=path if path.exists() else card,
            )


def merge_rows(earlier: Sequence[ReportRow], rows: Sequence[ReportRow]) -> list[ReportRow]:
    """Append the rows of an export to those of earlier exports.

    A row replaces an earlier row with its name. If a file missed its gate and the earlier file was
    kept, both rows are kept.
    """
    replaced_keys = {(_key(row), kept) for row in rows for kept in (row.kept, False)}
    return [*(row for row in earlier if (_key(row), row.kept) not in replaced_keys), *rows]


def _key(row: ReportRow) -> tuple[str, str]:
    """Return the key of a row: its name, and for a Keras model the digest, as names may recur."""
    return row.name, row.generator_sha256 if " at " in row.name else ""


def _parse_row(values: dict[str, Any]) -> ReportRow:
    field_names = {item.name for item in fields(ReportRow)}
    values = {name: value for name, value in values.items() if name in field_names}
    scenes = values.pop("scenes", None)
    return ReportRow(
        **{
            **values,
            "parity": _parse_parity(values["parity"]),
            "scenes": None if scenes is None else _parse_parity(scenes),
            "shortcomings": list(values["shortcomings"]),
        }
    )


def _parse_parity(values: dict[str, Any]) -> Parity:
    """Restore the numbers that JSON cannot represent because they are not finite.

    If the SSIM is missing, the outputs were not finite, and every missing number was nan.
    Otherwise, a missing number was infinite. A missing change becomes nan because its sign is lost.
    """
    missing_value = math.nan if values["ssim"] is None else math.inf
    field_names = {item.name for item in fields(Parity)}
    changes = values.get("changes", {}).items()
    restored: dict[str, Any] = {
        name: (math.nan if name in ("ssim", "psnr_change") else missing_value)
        if value is None
        else value
        for name, value in values.items()
        if name in field_names
    }
    restored["changes"] = {name: math.nan if value is None else value for name, value in changes}
    return Parity(**restored)
