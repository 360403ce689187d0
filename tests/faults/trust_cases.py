"""Files that lie: cards, bombs, results among sources, and two processes in one run."""

import json
import resource
import shutil
import time
from pathlib import Path

from keras_f2a.model_files.bundled import pretrained_file
from keras_f2a.runs.run_lock import locked
from tests.faults.bombs import PHOTOGRAPHS, keras_bomb
from tests.faults.damage import damaged
from tests.faults.model_cases import TRAIN, contents, training_options
from tests.faults.photographs import write_photograph
from tests.faults.verdict import DIFFERENCE, HANG, Fault, faults_of_ending, faults_of_files
from tests.faults.workshop import CORRECT, Case

EXPORT = "keras_f2a.export.__main__"
_MOST_BYTES = 1_500_000_000
_SENSELESS = (None, 5, -1.5, True, "", "0", [], [[]], {}, {"a": 1}, "a\nb", "\ud800", "x" * 10**5)


def changed_models(case: Case) -> list[Fault]:
    """Check that a `.tflite` file that does not match its card is refused, without any output."""
    name = ("fixed.tflite", "any.tflite")[case.rng.integers(2)]
    whole = (case.shop.models / name).read_bytes()
    model = case.folder / name
    model.write_bytes(damaged(whole, case.rng))
    shutil.copy((case.shop.models / name).with_suffix(".json"), model.with_suffix(".json"))
    photo = write_photograph(case.folder / "photo.png", case.rng, size=(48, 36))
    ended = case.correct(photo, {}, model=model)
    if model.read_bytes() == whole:
        return faults_of_ending(ended, (0,))
    return faults_of_ending(ended, (2,)) + faults_of_files(case.output, {})


def edited_cards(case: Case) -> list[Fault]:
    """Check that with an edited card the command runs or reports it, and no demo takes the file."""
    source = pretrained_file("int8.tflite")
    model = Path(shutil.copy(source, case.folder / "m.tflite"))
    card = model.with_suffix(".json")
    text = source.with_suffix(".json").read_bytes()
    card.write_bytes(damaged(text, case.rng) if case.rng.random() < 0.4 else _edited(text, case))
    option, looked_for = (
        ("--web", "src/core/corrector.ts"),
        ("--android", "app/src/main/AndroidManifest.xml"),
    )[case.rng.integers(2)]
    project = case.folder / "project"
    (project / looked_for).parent.mkdir(parents=True)
    (project / looked_for).touch()
    ended = case.processes.command(EXPORT, "--model", model, option, project)
    faults = faults_of_ending(ended, (0, 2))
    files = [path for path in project.rglob("*") if path.is_file()]
    if ended.code == 2 and len(files) > 1:
        faults.append(Fault(DIFFERENCE, "a demo took what was refused"))
    return faults


def _edited(text: bytes, case: Case) -> bytes:
    card = json.loads(text)
    keys = ("sha256", "measured", "name", "version", "format")
    key = keys[case.rng.integers(len(keys))]
    value = _SENSELESS[case.rng.integers(len(_SENSELESS))]
    kind = case.rng.integers(3)
    if kind == 0:
        del card[key]
    elif kind == 1:
        card[key] = value
    else:
        card["measured"]["shortcomings"] = value
    return json.dumps(card).encode()


def bombs(case: Case) -> list[Fault]:
    """Check that a small file that demands huge memory ends within the limits, with one line."""
    photo, model = case.folder / "photo.png", None
    if case.rng.random() < 0.8:
        photo.write_bytes(PHOTOGRAPHS[case.number % len(PHOTOGRAPHS)](case.rng))
    else:
        write_photograph(photo, case.rng, size=(48, 36))
        model = case.folder / "bomb.keras"
        model.write_bytes(keras_bomb((case.shop.models / "any.keras").read_bytes(), case.rng))
    start = time.monotonic()
    ended = case.processes.function(_in_little_memory, photo, case.output, model or case.model)
    faults = faults_of_ending(ended)
    if time.monotonic() - start > case.processes.timeout / 2:
        faults.append(Fault(HANG, "took too long"))
    return faults


def _in_little_memory(photo: Path, output: Path, model: Path):
    from tests.faults.processes import _as_command

    resource.setrlimit(resource.RLIMIT_DATA, (_MOST_BYTES, _MOST_BYTES))
    _as_command(CORRECT, (str(photo), "--output", str(output), "--model", str(model)))


def results_among_sources(case: Case) -> list[Fault]:
    """Check that results below the sources, under another path, are never corrected again."""
    folder = case.folder / "photos"
    folder.mkdir()
    photo = write_photograph(folder / "photo.png", case.rng, size=(48, 36))
    wanted = case.expected(photo, photo.name, {})
    before = photo.read_bytes()
    (case.folder / "link").symlink_to(folder)
    inside = (folder / "out", case.folder / "link" / "out", folder / ".." / "photos" / "out")
    case.output = inside[case.rng.integers(3)]
    faults = []
    for sources in (folder, case.folder / "link"):
        ended = case.correct(sources, {}, "--recursive", "--force")
        faults += faults_of_ending(ended, (0, 2))
    if photo.read_bytes() != before:
        faults.append(Fault(DIFFERENCE, "a source was replaced"))
    found = sorted(path for path in folder.rglob("*") if path.is_file() and path != photo)
    if any(path.read_bytes() != wanted for path in found):
        faults.append(Fault(DIFFERENCE, "a result is of something else than the photograph"))
    return faults


def two_processes(case: Case) -> list[Fault]:
    """Check that a second process in a run names the process that trains and changes nothing."""
    run = case.folder / "run"
    shutil.copytree(case.shop.run / "run", run)
    before = contents(run)
    with locked(run):
        options = training_options(case.shop.run / "data", run, 2)
        ended = case.processes.command(TRAIN, *options)
        faults = faults_of_ending(ended, (2,))
        after = {path: text for path, text in contents(run).items() if path in before}
    if "is being trained by process" not in ended.errors:
        faults.append(Fault(DIFFERENCE, "does not say who trains it"))
    if after != before:
        faults.append(Fault(DIFFERENCE, "changed files of another process"))
    return faults


CLASSES = (
    changed_models,
    edited_cards,
    bombs,
    results_among_sources,
    two_processes,
)
