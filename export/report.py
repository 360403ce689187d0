"""The table of an export: printed, and written as Markdown and JSON."""

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path

from keras_f2a.evaluation.table_formats import Table, as_markdown
from keras_f2a.support.atomic_file import named_file

from .parity import Parity

_OF_ONE_LIGHT = ", for placed light of one light after the photograph was read"
MARKDOWN, JSON = "report.md", "report.json"
"""The names of a report's files."""


@dataclass(frozen=True)
class ReportRow:
    """One exported file, or the Keras model that all are compared with.

    Attributes:
        name: The file's name.
        size: Its size in bytes.
        seconds: Median seconds for an image.
        threads: What those seconds were measured with.
        peak_memory: Of the process that ran it, in bytes; `None` where it was not measured.
        parity: How near its outputs are to the Keras model's on the user's held-out pairs.
        shortcomings: What misses the gate; empty if nothing does.
        scenes: The same as `parity` on the bundled test scenes; `None` where these are the user's.
        kept: Whether the file stays under its name.
        generator_sha256: Digest of the `.keras` file that it was made from; empty in reports of
            earlier versions.
        encode_seconds: Of a network for placed light, whose `seconds` are those of one light: what
            reading a photograph takes.
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
    """Write the rows as a Markdown table."""
    header = ["File", "Parity (dB)", "Worst", "On scenes", "Worst", "PSNR (dB)", "Change", "SSIM"]
    header += ["Latency (ms)", "Threads", "Peak memory (MB)", "Size (MB)", "Gate"]
    numbers = sorted({row.parity.pairs for row in rows if row.parity.pairs})
    counts = " to ".join(dict.fromkeys(map(str, numbers[:1] + numbers[-1:])))
    caption = (
        f"Exported files on {counts} held-out pairs; parity: mean PSNR against the Keras model, on "
        "these pairs and on the bundled test scenes; "
        "PSNR and SSIM (Gaussian window) against ambient, 8 bit by rounding; latency: median"
        f"{_OF_ONE_LIGHT if any(row.encode_seconds for row in rows) else ''}; "
        "peak memory: of a process that runs the file alone"
    )
    return as_markdown(Table(caption, header, [_cells(row) for row in rows]))


def write_report(folder: Path, rows: list[ReportRow], facts: dict) -> list[Path]:
    """Write `report.md` and `report.json` and return their paths.

    Args:
        folder: Where they go.
        rows: One for each file.
        facts: What else the JSON says.

    Raises:
        WorkError: One of them cannot be written.
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
    """Return a dictionary with `None` for each number that JSON does not have."""
    return {
        name: plain(value) if isinstance(value, dict) else _finite(value)
        for name, value in values.items()
    }


def _cells(row: ReportRow) -> list[str]:
    parity, scenes = row.parity, row.scenes
    fate = "" if row.kept else " (not kept)"
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
        ("; ".join(row.shortcomings) or "passed") + fate,
    ]


def _decibels(value: float) -> str:
    return "equal" if math.isinf(value) else f"{value:.1f}"


def _finite(value):
    return None if isinstance(value, float) and not math.isfinite(value) else value
