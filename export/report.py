"""The table of an export: printed, and written as Markdown and JSON."""

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path

from keras_f2a.evaluation.table_formats import Table, as_markdown
from keras_f2a.support.atomic_file import named_file

from .parity import Parity


@dataclass(frozen=True)
class ReportRow:
    """One exported file, or the Keras model that all are compared with.

    Attributes:
        name: The file's name.
        size: Its size in bytes.
        seconds: Median seconds for an image.
        threads: What those seconds were measured with.
        peak_memory: Of the process that ran it, in bytes; `None` where it was not measured.
        parity: How near its outputs are to the Keras model's.
        shortcomings: What misses the gate; empty if nothing does.
    """

    name: str
    size: int
    seconds: float
    threads: int
    peak_memory: int | None
    parity: Parity
    shortcomings: list[str]


def table(rows: list[ReportRow], pairs: int) -> str:
    """Writes the rows as a Markdown table."""
    header = ["File", "Parity (dB)", "Worst", "PSNR (dB)", "Change", "SSIM"]
    header += ["Latency (ms)", "Threads", "Peak memory (MB)", "Size (MB)", "Gate"]
    caption = (
        f"Exported files on {pairs} held-out pairs; parity: mean PSNR against the Keras model; "
        "PSNR and SSIM (Gaussian window) against ambient, 8 bit by rounding; latency: median; "
        "peak memory: of a process that runs the file alone"
    )
    return as_markdown(Table(caption, header, [_cells(row) for row in rows]))


def write_report(folder: Path, rows: list[ReportRow], *, pairs: int, facts: dict) -> list[Path]:
    """Writes `report.md` and `report.json` and returns their paths.

    Args:
        folder: Where they go.
        rows: One for each file.
        pairs: The number of held-out pairs.
        facts: What else the JSON says.

    Raises:
        WorkError: One of them cannot be written.
    """
    document = {**facts, "files": [plain(asdict(row)) for row in rows]}
    contents = {
        folder / "report.md": table(rows, pairs),
        folder / "report.json": json.dumps(document, indent=2) + "\n",
    }
    for path, text in contents.items():
        with named_file(path) as temporary:
            temporary.write_text(text, encoding="utf-8")
    return list(contents)


def plain(values: dict) -> dict:
    """Returns a dictionary with `None` for each number that JSON does not have."""
    return {
        name: plain(value) if isinstance(value, dict) else _finite(value)
        for name, value in values.items()
    }


def _cells(row: ReportRow) -> list[str]:
    parity = row.parity
    return [
        row.name,
        _decibels(parity.parity),
        _decibels(parity.worst_parity),
        f"{parity.psnr:.2f}",
        f"{parity.psnr_change:+.2f}".replace("-", "−"),
        f"{parity.ssim:.4f}",
        f"{row.seconds * 1000:.1f}",
        str(row.threads),
        "n/a" if row.peak_memory is None else f"{row.peak_memory / 1e6:.0f}",
        f"{row.size / 1e6:.2f}",
        "; ".join(row.shortcomings) or "passed",
    ]


def _decibels(value: float) -> str:
    return "equal" if math.isinf(value) else f"{value:.1f}"


def _finite(value):
    return None if isinstance(value, float) and not math.isfinite(value) else value
