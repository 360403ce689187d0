"""Prepares a download of FAID (Aksoy et al. 2018) as training data.

`python -m keras_f2a.data.faid RAW_DIR OUT_DIR`

FAID's flash images contain only the light of the flash, because the ambient light was subtracted.
For photographs that contain both, see `ambient_mix` of `TrainingSettings`.
"""

import logging
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from keras_f2a.data.faid_images import write_pair
from keras_f2a.data.pair_files import EXTENSIONS, ImagePair
from keras_f2a.support.argument_parser import ArgumentParser
from keras_f2a.support.command_line import run_command
from keras_f2a.support.counting import counted, first_few
from keras_f2a.support.errors import InputError, WorkError, one_line
from keras_f2a.support.folders import writable_folder
from keras_f2a.support.input_files import files_below
from keras_f2a.support.printable import is_text, printable
from keras_f2a.support.progress import progress_bar

PAPER_TEST_SHARE = 116 / (969 + 116)
_logger = logging.getLogger("keras_f2a.data.faid")  # `__name__` is "__main__" under -m.


@dataclass(frozen=True)
class Preparation:
    """Result of `prepare`.

    Attributes:
        training: Number of training pairs, including those of earlier calls.
        test: Number of test pairs, including those of earlier calls.
        problems: One line for each pair that could not be prepared.
    """

    training: int
    test: int
    problems: list[str]


def prepare(
    raw: str | Path,
    output: str | Path,
    *,
    test_names: Sequence[str] | None = None,
    test_share: float = PAPER_TEST_SHARE,
    linear: bool = False,
    seed: int = 0,
) -> Preparation:
    """Write `OUTPUT/train` and `OUTPUT/test` as 8-bit PNG files of 320×240 or 240×320 pixels.

    Images are center-cropped to that aspect ratio and resized with a Lanczos filter. Existing pairs
    are skipped, so an interrupted call can be repeated.

    Args:
        raw: Folder tree of `NAME_flash.EXT` and `NAME_ambient.EXT` files, 8 or 16 bit. If several
            folders have files of the same name, the folder's name becomes a prefix.
        output: Folder of the data set, created if missing.
        test_names: Names of the test pairs, for example the authors' 116. All others are training
            pairs.
        test_share: Share of pairs drawn for testing if `test_names` is `None`.
        linear: Whether the files hold linear light, which is then encoded as sRGB.
        seed: Seed of the draw.

    Raises:
        InputError: The folder holds no flash or ambient files, two pairs would get the same name,
            `test_names` has names without a pair, `test_share` is out of range, the output folder
            cannot be created, or an earlier call wrote a training pair there that is now a test
            pair, or the other way around.
        WorkError: An image could not be written.
    """
    pairs, problems = _find_pairs(Path(raw))
    names = [pair.name for pair in pairs]
    test_set = _select_test_names(names, test_names, test_share, seed)
    output = writable_folder(output, "output")
    _check_same_split(output, names, test_set)
    for split in ("train", "test"):
        writable_folder(output / split, "output")

    def prepare_one(pair: ImagePair) -> str | None:
        folder = output / ("test" if pair.name in test_set else "train")
        return write_pair(pair, folder, linear)

    with ThreadPoolExecutor() as pool, progress_bar(len(pairs), "pair") as bar:
        for problem in pool.map(prepare_one, pairs):
            problems += [problem] if problem else []
            bar.update()
    train, test = (len(list((output / split).glob("*_ambient.png"))) for split in ("train", "test"))
    return Preparation(train, test, problems)


def _find_pairs(raw: Path) -> tuple[list[ImagePair], list[str]]:
    paths, unreadable = files_below(raw)
    problems = [f"{printable(folder)}: cannot be searched" for folder in unreadable]
    files: dict[tuple[Path, str], dict[str, Path]] = {}
    for path in paths:
        name, _, role = path.stem.rpartition("_")
        if role not in ("flash", "ambient") or path.suffix.lower() not in EXTENSIONS:
            continue
        if path.name.startswith("."):  # Such as `._NAME_flash.png` on a disk from macOS.
            continue
        if not is_text(path.name):
            problems.append(f"{printable(path)}: its name is not UTF-8; rename it")
            continue
        first = files.setdefault((path.parent, name), {}).setdefault(role, path)
        if first != path:
            raise _duplicate_name_error(first, path, f"{name}_{role}")
    if not files:
        raise InputError("no NAME_flash or NAME_ambient files in or below it", file=raw)
    pairs: dict[str, ImagePair] = {}
    for (folder, name), roles in files.items():
        if len(roles) < 2:
            problems.append(f"{printable(*roles.values())}: its partner is missing")
            continue
        is_unique = sum(other == name for _, other in files) == 1
        pair = ImagePair(
            name if is_unique else f"{folder.name}_{name}", roles["flash"], roles["ambient"]
        )
        if pairs.setdefault(pair.name, pair) != pair:
            raise _duplicate_name_error(pairs[pair.name].flash, pair.flash, pair.name)
    return list(pairs.values()), problems


def _duplicate_name_error(first: Path, second: Path, name: str) -> InputError:
    return InputError(
        f"{printable(first)} and {printable(second)} would both become {printable(name)}; rename "
        "one of them, or prepare their folders one by one"
    )


def _select_test_names(
    names: Sequence[str], test_names: Sequence[str] | None, share: float, seed: int
) -> set[str]:
    if not 0 <= share <= 1:
        raise InputError("must lie between 0 and 1", setting="test_share", value=share)
    if test_names is None:
        return set(random.Random(seed).sample(sorted(names), round(share * len(names))))
    missing = sorted(set(test_names) - set(names))
    if missing:
        raise InputError(f"not in the download: {', '.join(missing)}", setting="test_names")
    return set(test_names)


def _check_same_split(output: Path, names: Sequence[str], test_set: set[str]) -> None:
    """Check that no pair was written to the other split, because it would then be in both."""
    others = {True: output / "train", False: output / "test"}
    moved = [n for n in names if (others[n in test_set] / f"{n}_flash.png").is_file()]
    if moved:
        raise InputError(
            f"an earlier call chose other test pairs, so {counted(len(moved), 'pair')} would be "
            f"in train/ and in test/ ({first_few(moved)}); choose the same test pairs or another "
            "folder",
            setting="output",
            value=output,
        )


def main(arguments: Sequence[str] | None = None) -> None:
    """Prepare the download that the command line names and print the number of pairs."""
    options = _parser().parse_args(arguments)
    result = prepare(
        options.raw,
        options.output,
        test_names=_read_names(options.test_names),
        test_share=options.test_share,
        linear=options.linear,
        seed=options.seed,
    )
    print(f"{result.training} training and {result.test} test pairs in {printable(options.output)}")
    for problem in result.problems:
        _logger.warning(f"left out: {problem}")
    if result.problems:
        raise WorkError(f"{counted(len(result.problems), 'pair')} left out, named above")


def _read_names(path: str | None) -> list[str] | None:
    if path is None:
        return None
    try:
        # Windows Notepad may write a byte order mark.
        return list(_lines(Path(path).read_text(encoding="utf-8-sig")))
    except (OSError, ValueError) as error:
        raise InputError(
            f"cannot be read ({one_line(error)})", setting="test_names", value=path
        ) from error


def _lines(text: str) -> Iterator[str]:
    return (line.strip() for line in text.splitlines() if line.strip())


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="keras_f2a.data.faid",
        description="Turns a download of FAID into training and test pairs of 320×240 pixels.",
    )
    parser.add_argument("raw", metavar="RAW_DIR", help="folder of the download")
    parser.add_argument("output", metavar="OUT_DIR", help="folder for the data set")
    parser.add_argument(
        "--test-names", metavar="FILE", help="file with the name of one test pair per line"
    )
    parser.add_argument(
        "--test-share",
        type=float,
        default=PAPER_TEST_SHARE,
        metavar="S",
        help="share of pairs drawn for testing (default: the paper's 116 of 1085)",
    )
    parser.add_argument("--linear", action="store_true", help="the files contain linear light")
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="seed of the draw (default: 0)"
    )
    return parser


if __name__ == "__main__":
    run_command(main, _parser())
