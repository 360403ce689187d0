"""Exports a trained generator: writes each file, runs it, measures it, and keeps what is right."""

import logging
import os
from dataclasses import dataclass, replace
from pathlib import Path

from keras_f2a.support.atomic_file import atomic_path, write_failure
from keras_f2a.support.errors import WorkError

from . import card
from .demos import check_demos, put_into_demos
from .earlier_export import check_replaced, earlier_rows, merged
from .generator import Generator, load_exportable
from .held_out import HeldOut, held_out
from .pairs import ExportPairs, load_export_pairs
from .parity import shortcomings
from .probe import Run, run_saved_model, run_tflite
from .report import ReportRow, table, write_report
from .saved_model import replaced_folder, save_signatures
from .settings import ExportSettings, ImageSize
from .tflite import INPUT, OUTPUT
from .tflite_file import check_integers, check_operators, describe, operators
from .tflite_formats import converted

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ExportResult:
    """What an export leaves.

    Attributes:
        rows: One for each measured file, for each size after one for the Keras model.
        files: The files and folders that passed the gate, their cards, the report, and what was
            put into the Android project.
        table: The report of the folder as a Markdown table, with the rows of earlier exports.
    """

    rows: list[ReportRow]
    files: list[Path]
    table: str

    @property
    def missed(self) -> list[ReportRow]:
        """The files that missed the gate."""
        return [row for row in self.rows if row.shortcomings]


def export_generator(settings: ExportSettings) -> ExportResult:
    """Writes, runs and measures every file that the settings ask for, and logs each step.

    A file gets its name and its card when it has run and passed the gate of `export.parity`, or
    the settings allow it to miss that. An earlier file of the name stays as it was until then, and
    for good if the new one fails. After one that misses the gate the others are still made.

    Args:
        settings: What to export, and where to.

    Raises:
        InputError: A setting, the model or the pairs are wrong, or something else than an earlier
            export of the generator has the name of a file that is to be written.
        WorkError: A conversion failed, or a file does not run or cannot be written.
    """
    settings.check()
    check_demos(android=settings.android, web=settings.web, rules=settings.rules)
    folder = settings.prepare_output()
    generator = load_exportable(settings.model)
    if "int8_qat" in settings.formats:
        # Imported here because the other formats need no tf_keras.
        from .twin import check_kind

        check_kind(generator.model)
    earlier = earlier_rows(folder, force=settings.force)
    pairs = load_export_pairs(settings.calibration_data)
    job = _Job(settings, folder, generator, pairs)
    if not settings.force:
        check_replaced(job.cards(), generator.sha256)
    rows = [row for size in settings.sizes for row in job.export_size(size)]
    all_rows = merged(earlier, rows)
    files = write_report(folder, all_rows, job.facts)
    for path in job.kept:
        if path.name.endswith("_int8.tflite"):
            files += put_into_demos(
                path, android=settings.android, web=settings.web, rules=settings.rules
            )
    return ExportResult(rows, [*job.kept, *files], table(all_rows))


class _Job:
    """An export under way: what stays the same from file to file, and what was kept."""

    def __init__(
        self, settings: ExportSettings, folder: Path, generator: Generator, pairs: ExportPairs
    ):
        self.settings, self.folder = settings, folder
        self.generator, self.pairs = generator, pairs
        self.facts = {"pairs": pairs.description(), **card.provenance()}
        self.kept: list[Path] = []

    def export_size(self, size: ImageSize) -> list[ReportRow]:
        """Exports every format; the SavedModel, which takes any size, with the first one."""
        _logger.info(f"exporting {size}: running the Keras model on the held-out pairs")
        measured_on = held_out(
            self.generator.model, self.pairs.held_out, size, scenes=self.pairs.scenes
        )
        rows = [self._keras_row(measured_on, size)]
        for file_format in self.settings.formats:
            if file_format == "saved_model" and size != self.settings.sizes[0]:
                continue
            _logger.info(f"exporting {size}: {file_format}")
            path = self._path(file_format, size)
            try:
                rows.append(self._export(file_format, size, path, measured_on))
            except _MissedGateError as missed:
                rows.append(replace(missed.row, kept=False))
            except (WorkError, OSError) as error:
                raise _failure(path, error) from error
        return rows

    def cards(self) -> list[tuple[Path, Path]]:
        """Every file and folder that is to be written, and the card beside it."""
        paths = {
            self._path(file_format, size)
            for size in self.settings.sizes
            for file_format in self.settings.formats
        }
        return [(path, _card_path(path)) for path in sorted(paths)]

    def _path(self, file_format: str, size: ImageSize) -> Path:
        name = self.settings.name
        if file_format == "saved_model":
            return self.folder / name / str(self.settings.model_version)
        return self.folder / f"{name}_{size}_{file_format}.tflite"

    def _export(
        self, file_format: str, size: ImageSize, path: Path, measured_on: HeldOut
    ) -> ReportRow:
        if file_format == "saved_model":
            return self._export_saved_model(path, measured_on)
        return self._export_tflite(file_format, size, path, measured_on)

    def _export_tflite(
        self, file_format: str, size: ImageSize, path: Path, measured_on: HeldOut
    ) -> ReportRow:
        settings = self.settings
        metadata = card.tflite_metadata(
            settings.name,
            settings.model_version,
            file_format=file_format,
            size=size,
            generator_sha256=self.generator.sha256,
        )
        content = converted(
            self.generator.model,
            file_format,
            size,
            pairs=self.pairs,
            fine_tuning_steps=settings.fine_tuning_steps,
        )
        content = describe(content, (INPUT, OUTPUT), metadata)
        check_operators(content)
        if file_format.startswith("int8"):
            check_integers(content)
        facts = {"operators": operators(content), **self.facts}
        with atomic_path(path) as temporary, atomic_path(_card_path(path)) as card_path:
            temporary.write_bytes(content)
            run = run_tflite(temporary, measured_on.flash, settings.threads)
            row = self._row(path.name, file_format, len(content), run, measured_on)
            self._gate(row)
            sha256 = card.file_sha256(temporary)
            card.write_card(card_path, metadata, sha256=sha256, row=row, facts=facts)
        self.kept += [path, _card_path(path)]
        return row

    def _export_saved_model(self, path: Path, measured_on: HeldOut) -> ReportRow:
        settings = self.settings
        metadata = card.saved_model_metadata(
            settings.name,
            settings.model_version,
            max_megapixels=settings.max_megapixels,
            generator_sha256=self.generator.sha256,
        )
        with replaced_folder(path) as temporary, atomic_path(_card_path(path)) as card_path:
            save_signatures(
                self.generator.model,
                temporary,
                model_name=settings.name,
                max_megapixels=settings.max_megapixels,
            )
            run = run_saved_model(temporary, measured_on.flash)
            size = sum(file.stat().st_size for file in temporary.rglob("*") if file.is_file())
            name = f"{path.parent.name}/{path.name}"
            row = self._row(name, "saved_model", size, run, measured_on)
            self._gate(row)
            sha256 = card.file_sha256(temporary)
            card.write_card(card_path, metadata, sha256=sha256, row=row, facts=self.facts)
        self.kept += [path, _card_path(path)]
        return row

    def _row(
        self, name: str, file_format: str, size: int, run: Run, measured_on: HeldOut
    ) -> ReportRow:
        parity = measured_on.compare(run.outputs)
        scenes = measured_on.compare_scenes(run.outputs)
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
        )

    def _keras_row(self, measured_on: HeldOut, size: ImageSize) -> ReportRow:
        return ReportRow(
            name=f"{self.generator.path.name} at {size}",
            size=self.generator.path.stat().st_size,
            seconds=measured_on.seconds,
            threads=os.cpu_count() or 1,
            peak_memory=None,
            parity=measured_on.compare(measured_on.reference),
            shortcomings=[],
            scenes=measured_on.compare_scenes(measured_on.reference),
            generator_sha256=self.generator.sha256,
        )

    def _gate(self, row: ReportRow) -> None:
        if row.shortcomings and not self.settings.allow_inexact:
            raise _MissedGateError(row)


class _MissedGateError(WorkError):
    """Ends the block that writes a file, so that nothing gets the file's name."""

    def __init__(self, row: ReportRow):
        super().__init__(f"{row.name}: {'; '.join(row.shortcomings)}")
        self.row = row


def _card_path(path: Path) -> Path:
    """The card's file, beside the file or, for TF Serving, beside the model's folder."""
    if path.suffix == ".tflite":
        return path.with_suffix(".json")
    return path.parent.with_name(f"{path.parent.name}_{path.name}_saved_model.json")


def _failure(path: Path, error: WorkError | OSError) -> WorkError:
    """The error that names the file, and says so if an earlier one is left."""
    kept = "; the earlier one stays as it was" if path.exists() else ""
    if isinstance(error, OSError):
        error = write_failure(path, error)
        return type(error)(f"{error}{kept}")
    return WorkError(f"{path}: {error}{kept}")
