"""Exports a trained generator: writes, runs and measures each file, and keeps those that pass."""

import logging
import os
from dataclasses import dataclass, replace
from pathlib import Path

from keras_f2a.model_files.card import card_file
from keras_f2a.support.atomic_file import atomic_path, write_failure
from keras_f2a.support.errors import WorkError

from . import card
from .about import About, about_model
from .demos import check_demos, put_into_demos
from .earlier_export import check_replaced, earlier_rows, merge_rows
from .formats import FORMATS
from .generator import Generator, load_exportable
from .held_out import HeldOut
from .network_kinds import NetworkKind, network_kind
from .pairs import ExportPairs, load_export_pairs
from .parity import shortcomings
from .probe import Run
from .replaced_folder import replaced_folder
from .report import ReportRow, table, write_report
from .settings import CompleteSettings, ExportSettings, ImageSize
from .writer import Request

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ExportResult:
    """The result of an export.

    Attributes:
        rows: For each size, one row for the Keras model and one for each measured file.
        files: The files and folders that were kept, their cards, the report, and the files in the
            demos.
        table: The folder's report as a Markdown table, including the rows of earlier exports.
    """

    rows: list[ReportRow]
    files: list[Path]
    table: str

    @property
    def missed(self) -> list[ReportRow]:
        """The rows of the files that missed the gate."""
        return [row for row in self.rows if row.shortcomings]


def export_generator(settings: ExportSettings) -> ExportResult:
    """Write, run and measure every file in the settings, and log each step.

    A file gets its name and its card once it has run and passed the gate of `export.parity`, or if
    the settings allow it to miss the gate. Until then, an earlier file with the name is kept. If
    the new file fails, the earlier one stays. A file that misses the gate does not stop the others.

    Args:
        settings: What to export, and where.

    Raises:
        InputError: A setting, the model or the pairs are invalid, or an existing file would be
            replaced that is not an earlier export of the generator.
        WorkError: A conversion failed, or a file does not run or cannot be written.
    """
    settings.check()
    check_demos(android=settings.android, web=settings.web, rules=settings.rules)
    folder = settings.prepare_output()
    generator = load_exportable(settings.model)
    kind = network_kind(generator)
    complete = kind.complete(settings)
    about = about_model(generator.path, settings.about)
    for file_format in complete.formats:
        kind.writers[file_format].check(generator, about)
    earlier = earlier_rows(folder, force=settings.force)
    pairs = load_export_pairs(settings.calibration_data)
    job = _Job(complete, folder, generator, pairs, about, kind=kind)
    if not settings.force:
        check_replaced(job.cards(), generator.sha256)
    rows = [row for size in settings.sizes for row in job.export_size(size)]
    all_rows = merge_rows(earlier, rows)
    files = write_report(folder, all_rows, job.facts)
    for path in job.kept:
        if path.name.endswith("_int8.tflite"):
            files += put_into_demos(
                path, android=settings.android, web=settings.web, rules=settings.rules
            )
    return ExportResult(rows, [*job.kept, *files], table(all_rows))


class _Job:
    """An export in progress: what all files share, and the files that were kept."""

    def __init__(
        self,
        settings: CompleteSettings,
        folder: Path,
        generator: Generator,
        pairs: ExportPairs,
        about: About,
        *,
        kind: NetworkKind,
    ):
        self.kind = kind
        self.settings, self.folder = settings, folder
        self.generator, self.pairs, self.about = generator, pairs, about
        self.facts = {"pairs": pairs.description(), **card.provenance()}
        self.kept: list[Path] = []

    def export_size(self, size: ImageSize) -> list[ReportRow]:
        """Export every format. Formats for any size are exported only with the first size."""
        _logger.info(f"exporting {size}: running the Keras model on the held-out pairs")
        held_out = self.kind.held_out(
            self.generator.model, self.pairs.held_out, size, scenes=self.pairs.scenes
        )
        rows = [self._keras_row(held_out, size)]
        for file_format in self.settings.formats:
            if FORMATS[file_format].any_size and size != self.settings.sizes[0]:
                continue
            _logger.info(f"exporting {size}: {file_format}")
            path = self._path(file_format, size)
            try:
                rows.append(self._export(file_format, size, path, held_out))
            except _MissedGateError as error:
                rows.append(replace(error.row, kept=False))
            except (WorkError, OSError) as error:
                raise _failure(path, error) from error
        return rows

    def cards(self) -> list[tuple[Path, Path]]:
        """Return every file and folder that will be written, with its card."""
        formats = {
            self._path(file_format, size): file_format
            for size in self.settings.sizes
            for file_format in self.settings.formats
        }
        return [(path, self._card_path(formats[path], path)) for path in sorted(formats)]

    def _path(self, file_format: str, size: ImageSize) -> Path:
        return self.folder / self.kind.writers[file_format].path(self.settings, size)

    def _card_path(self, file_format: str, path: Path) -> Path:
        """Return the path of the card: next to a file, or for a folder in the output folder."""
        if FORMATS[file_format].suffix:
            return card_file(path)
        name, version = self.settings.name, self.settings.model_version
        return self.folder / f"{name}_{version}_{file_format}.json"

    def _export(
        self, file_format: str, size: ImageSize, path: Path, held_out: HeldOut
    ) -> ReportRow:
        writer, card_path = self.kind.writers[file_format], self._card_path(file_format, path)
        replaced_atomically = atomic_path if FORMATS[file_format].suffix else replaced_folder
        path.parent.mkdir(parents=True, exist_ok=True)
        request = Request(self.generator, self.settings, self.pairs, size, self.about)
        with replaced_atomically(path) as temporary, atomic_path(card_path) as temporary_card:
            description = writer.write(request, temporary)
            run = writer.run(temporary, held_out.flash, self.settings.threads)
            name = path.relative_to(self.folder).as_posix()
            row = self._row(name, file_format, _total_size(temporary), run, held_out)
            self._gate(row)
            card.write_card(
                temporary_card,
                description.metadata,
                sha256=card.file_sha256(temporary),
                row=row,
                facts={**description.facts, "about": self.about.filled_fields(), **self.facts},
            )
        self.kept += [path, card_path, *writer.finish(request, path)]
        return row

    def _row(
        self, name: str, file_format: str, size: int, run: Run, held_out: HeldOut
    ) -> ReportRow:
        parity = held_out.compare(run.outputs)
        scenes = held_out.compare_scenes(run.outputs)
        return ReportRow(
            name=name,
            size=size,
            seconds=run.seconds,
            threads=run.threads,
            peak_memory=run.peak_memory,
            parity=parity,
            shortcomings=shortcomings(file_format, parity, scenes),
            scenes=scenes,
            generator_sha256=self.generator.sha256,
            encode_seconds=run.encode_seconds,
        )

    def _keras_row(self, held_out: HeldOut, size: ImageSize) -> ReportRow:
        return ReportRow(
            name=f"{self.generator.path.name} at {size}",
            size=self.generator.path.stat().st_size,
            seconds=held_out.seconds,
            threads=os.cpu_count() or 1,
            peak_memory=None,
            parity=held_out.compare(held_out.reference),
            shortcomings=[],
            scenes=held_out.compare_scenes(held_out.reference),
            generator_sha256=self.generator.sha256,
        )

    def _gate(self, row: ReportRow) -> None:
        if row.shortcomings and not self.settings.allow_inexact:
            raise _MissedGateError(row)


class _MissedGateError(WorkError):
    """Raised inside the block that writes a file, so that the file does not get its name."""

    def __init__(self, row: ReportRow):
        super().__init__(f"{row.name}: {'; '.join(row.shortcomings)}")
        self.row = row


def _total_size(path: Path) -> int:
    """Return the size of a file, or of all files in a folder."""
    files = [path] if path.is_file() else path.rglob("*")
    return sum(file.stat().st_size for file in files if file.is_file())


def _failure(path: Path, error: WorkError | OSError) -> WorkError:
    """Return an error that names the file, and tells whether an earlier one was kept."""
    note = "; the earlier file is unchanged" if path.exists() else ""
    if isinstance(error, OSError):
        error = write_failure(path, error)
        return type(error)(f"{error}{note}")
    return WorkError(f"{path}: {error}{note}")
