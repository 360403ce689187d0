"""Writes the report of an export as Markdown and JSON, and its table for the terminal."""

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path

from keras_f2a.evaluation.table_formats import Table, as_markdown
from keras_f2a.support.atomic_file import named_file

from .parity import Parity

_ONE_LIGHT_NOTE = " (for placed light: of one light, after the photograph was encoded)"
MARKDOWN, JSON = "report.md", "report.json"
"""File names of a report."""


@dataclass(frozen=True)
class ReportRow:
    """The measurements of an exported file, or of the Keras model that files are compared with.

    Attributes:
        name: Name of the file.
        size: Size of the file in bytes.
        seconds: Median seconds for an image. For a network for placed light, those for one light.
        threads: Number of threads in the measurement.
        peak_memory: Peak memory in bytes of the process that ran the file, or `None` if it was not
            measured.
        parity: How close the outputs are to the Keras model's on the user's held-out pairs.
        shortcomings: Reasons why the file missed the gate. Empty if it passed.
        scenes: Like `parity` on the bundled test scenes, or `None` if these are the user's pairs.
        kept: Whether the file was kept.
        generator_sha256: Digest of the `.keras` source file. Empty in reports of earlier versions.
        encode_seconds: Median seconds to encode a photograph, only for a network for placed light.
    """

    name: str
    size: int
    seconds: float
    threads: int
    peak_memory: int | None
    parity: Parity
    shortcomings: list[str]
    scenes: Parity | None = None
    kept: bool = True
    generator_sha256: str = ""
    encode_seconds: float | None = None


def table(rows: list[ReportRow]) -> str:
    """Return the rows as a Markdown table."""
    header = ["File", "Parity (dB)", "Worst", "On scenes", "Worst", "PSNR (dB)", "Change", "SSIM"]
    header += ["Latency (ms)", "Threads", "Peak memory (MB)", "Size (MB)", "Gate"]
    pair_counts = sorted({row.parity.pairs for row in rows if row.parity.pairs})
    pair_range = " to ".join(dict.fromkeys(map(str, pair_counts[:1] + pair_counts[-1:])))
    caption = (
        f"Exported files on {pair_range} held-out pairs; parity: mean PSNR against the Keras "
        "model, on these pairs and on the bundled test scenes; "
        "PSNR and SSIM (Gaussian window) against ambient, 8 bit by rounding; latency: median"
        f"{_ONE_LIGHT_NOTE if any(row.encode_seconds for row in rows) else ''}; "
        "peak memory: of a process that runs the file alone"
    )
    return as_markdown(Table(caption, header, [_cells(row) for row in rows]))


def write_report(folder: Path, rows: list[ReportRow], facts: dict) -> list[Path]:
    """Write `report.md` and `report.json` and return their paths.

    Args:
        folder: The folder for the files.
        rows: One row for each file.
        facts: Other content of the JSON file.

    Raises:
        WorkError: A file cannot be written.
    """
    document = {**facts, "files": [plain(asdict(row)) for row in rows]}
    contents = {
        folder / MARKDOWN: table(rows),
        folder / JSON: json.dumps(document, indent=2) + "\n",
    }
    for path, text in contents.items():
        with named_file(path) as temporary:
            temporary.write_text(text, encoding="utf-8")
    return list(contents)


def plain(values: dict) -> dict:
    """Return a dictionary with `None` for each number that is not finite, as JSON requires."""
    return {
        name: plain(value) if isinstance(value, dict) else _finite(value)
        for name, value in values.items()
    }


def _cells(row: ReportRow) -> list[str]:
    parity, scenes = row.parity, row.scenes
    suffix = "" if row.kept else " (not kept)"
    return [
        row.name,
        _decibels(parity.parity),
        _decibels(parity.worst_parity),
        "" if scenes is None else _decibels(scenes.parity),
        "" if scenes is None else _decibels(scenes.worst_parity),
        f"{parity.psnr:.2f}",
        f"{parity.psnr_change:+.2f}".replace("-", "−"),
        f"{parity.ssim:.4f}",
        f"{row.seconds * 1000:.1f}",
        str(row.threads),
        "n/a" if row.peak_memory is None else f"{row.peak_memory / 1e6:.0f}",
        f"{row.size / 1e6:.2f}",
        ("; ".join(row.shortcomings) or "passed") + suffix,
    ]


def _decibels(value: float) -> str:
    return "equal" if math.isinf(value) else f"{value:.1f}"


def _finite(value):
    return None if isinstance(value, float) and not math.isfinite(value) else value
