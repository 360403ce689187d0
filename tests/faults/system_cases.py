"""What the system does to a command: signals, full disks, closed outputs, nonsense options."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from tests.faults.photographs import write_photograph
from tests.faults.processes import CLOSED, CLOSED_PIPE, FULL, Processes
from tests.faults.verdict import Fault, faults_of_ending, faults_of_files
from tests.faults.workshop import CORRECT, Case
from tests.small_disk import mounted_small_disk

_EARLIER = b"earlier"


def kills(case: Case) -> list[Fault]:
    """Send a signal at a random moment and then run the same command again."""
    rng = case.rng
    photos = _photographs(case, count=2, side=(200, 500))
    wanted = {path.name: case.expected(path, path.name, {}) for path in photos}
    case.output.mkdir()
    for name in wanted:
        (case.output / name).write_bytes(_EARLIER)
    number = (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP)[rng.integers(3)]
    moment = rng.uniform(0, 0.5)

    def disturb(process: int):
        time.sleep(moment)
        with suppress(ProcessLookupError):  # It had already ended.
            os.kill(process, number)

    killed = case.correct(
        photos, {}, "--force", processes=Processes(case.processes.timeout, disturb=disturb)
    )
    # The default action ends the command before its handlers are installed, and for SIGKILL.
    ended_by_signal = killed.code == -number
    faults = [] if ended_by_signal else faults_of_ending(killed, (0, 1))
    left = {name: {_EARLIER, content} for name, content in wanted.items()}
    if ended_by_signal:  # The next run cleans up.
        faults += [f for f in faults_of_files(case.output, left) if ".keras_f2a-" not in f.text]
    else:
        faults += faults_of_files(case.output, left)
    again = case.correct(photos, {}, "--force")
    whole = {name: {content} for name, content in wanted.items()}
    return faults + faults_of_ending(again, (0,)) + faults_of_files(case.output, whole)


def full_disks(case: Case) -> list[Fault]:
    """Let the disk fill up at a random moment, with earlier results on it."""
    rng = case.rng
    photos = _photographs(case, count=3, side=(60, 200))
    wanted = {path.name: case.expected(path, path.name, {}) for path in photos}
    extra = [[], ["--compare"], ["--page"]][rng.integers(3)]
    everything = sum(map(len, wanted.values())) * (1 + bool(extra))
    room = int(rng.uniform(0.02, 1.3) * everything)
    with mounted_small_disk(case.folder / "disk", f"{-(-room // 4096) * 4 + 16}k") as mounted:
        case.output = case.folder / "disk" / "out"
        case.output.mkdir()
        earlier = {name: None for name in wanted}
        for name in wanted:
            if rng.random() < 0.5:
                (case.output / name).write_bytes(_EARLIER)
                earlier[name] = _EARLIER
        largest = None if mounted else max(room // 3, 1)
        limited = case.processes.but(largest_file=largest)
        ended = case.correct(photos, {}, "--force", *extra, processes=limited)
        faults = faults_of_ending(ended, (0, 1))
        may = {name: {content, earlier[name]} for name, content in wanted.items()}
        if ended.code == 0:
            may = {name: {content} for name, content in wanted.items()}
        for shown in case.output.iterdir():
            if shown.name.endswith((".compare.jpg", ".html")):
                may[shown.name] = {shown.read_bytes()} if _is_whole(shown) else set()
        return faults + faults_of_files(case.output, may)


def _is_whole(path: Path) -> bool:
    end = {".jpg": b"\xff\xd9", ".html": b"</html>\n"}[path.suffix]
    return path.read_bytes().endswith(end)


def outputs(case: Case) -> list[Fault]:
    """Close, fill or cut off the standard streams, or give them a limited encoding."""
    rng = case.rng
    kinds = (None, CLOSED, CLOSED_PIPE, FULL)
    stdout, stderr = (kinds[i] for i in rng.integers(4, size=2))
    odd = ("é", "写真", "\udcff", "a")[rng.integers(4)]
    photos = _photographs(case, count=2, side=(16, 60), stem=odd)
    wanted = {path.name: {case.expected(path, path.name, {})} for path in photos}
    if broken := rng.random() < 0.3:
        photos.append(photos[0].with_name(f"{odd}broken.jpg"))
        photos[-1].write_bytes(b"broken")
    encoding = ("utf-8", "ascii", "latin-1")[rng.integers(3)]
    streams = Processes(case.processes.timeout, stdout=stdout, stderr=stderr, encoding=encoding)
    ended = case.correct(photos, {}, processes=streams)
    code = 1 if broken or stdout in (CLOSED_PIPE, FULL) else 0
    faults = faults_of_ending(ended, (code,))
    if stdout is not None or stderr is not None:  # Then lines cannot be compared.
        faults = [fault for fault in faults if "not one line" not in fault.text]
    return faults + faults_of_files(case.output, wanted)


_SENSELESS = (
    "nan", "inf", "-inf", "1e400", "-1", "0", "-0", "", " ", "٣", "0x10", "1_0", "9" * 30, "1e-320",
    "½", "\x1b[31m", "a\nb", "\udcff", "--", "None", "[]", "x" * 5000, "{}", "%s", "%(prog)s", "5",
    "0.5", "1",
)  # fmt: skip
_CORRECT = ("strength", "brightness", "warmth", "working-size", "quality", "max-megapixels")
_TRAIN = (
    "epochs", "batch-size", "crop-size", "width", "seed", "ema", "adversarial-weight", "condition",
    "generator-learning-rate", "discriminator-learning-rate", "validate-every", "precision",
    "strategy", "virtual-devices", "data", "run-dir", "encoder-weights", "generator",
)  # fmt: skip


def options(case: Case) -> list[Fault]:
    """Pass nonsense values to options of `correct` and `train`."""
    rng = case.rng
    command, known = (CORRECT, _CORRECT) if rng.random() < 0.5 else ("keras_f2a.train", _TRAIN)
    chosen = [known[i] for i in rng.integers(len(known), size=rng.integers(1, 3))]
    given = [f"--{name}={_SENSELESS[rng.integers(len(_SENSELESS))]}" for name in chosen]
    if command == CORRECT:
        photo = write_photograph(case.folder / "photo.png", rng, size=(64, 48))
        ended = case.correct(photo, {}, *given, model=case.shop.models / "any.tflite")
        faults = faults_of_ending(ended)
        name = "photo.png"
        content = (case.output / name).read_bytes() if ended.code == 0 else None
        return faults + faults_of_files(case.output, {name: {content}})
    data, run = case.folder / "no data", case.folder / "run"
    first = [f"--data={data}", f"--run-dir={run}", "--condition=unet", "--encoder-weights=none"]
    return faults_of_ending(case.processes.command(command, *first, *given), (1, 2))


def _photographs(case: Case, *, count: int, side: tuple[int, int], stem: str = "") -> list[Path]:
    folder = case.folder / "photos"
    folder.mkdir(exist_ok=True)
    suffixes = (".jpg", ".png", ".webp")
    made = []
    for i in range(count):
        path = folder / f"{stem}{i}{suffixes[case.rng.integers(3)]}"
        size = tuple(int(n) for n in case.rng.integers(*side, 2))
        plain = write_photograph(case.folder / f"plain{path.suffix}", case.rng, size=size)
        made.append(plain.rename(path))
    return made


CLASSES = (kills, full_disks, outputs, options)
