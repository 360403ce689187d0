"""If a resumed run finds damage, it reports it, replaces nothing and names a way out."""

import json
import shutil
import subprocess
from dataclasses import replace

import numpy as np
import pytest

import keras_f2a
from keras_f2a.runs import callbacks, train
from keras_f2a.support.errors import InputError, WorkError
from tests.commands import run_command
from tests.faults.processes import Processes
from tests.runs import tiny_runs
from tests.runs.tiny_runs import history_of, options_of
from tests.runs.tiny_runs import quick_settings as settings


@pytest.fixture(scope="module")
def three_epochs(tmp_path_factory):
    """Train for three epochs and return the folder of the pairs and the run, for copying."""
    from tests.conftest import write_pair

    folder = tmp_path_factory.mktemp("three")
    for i in range(4):
        write_pair(folder / "data" / "train", f"Toys_{i}", (40, 40), seed=i)
    write_pair(folder / "data" / "test", "Rooms_0", (48, 32), seed=10)
    train(settings(folder / "data", folder / "run", epochs=3))
    return folder


@pytest.fixture
def finished(three_epochs, tmp_path):
    """Copy that run and return the copy's settings and folder."""
    shutil.copytree(three_epochs / "run", tmp_path / "run")
    return settings(three_epochs / "data", tmp_path / "run", epochs=3), tmp_path / "run"


def longer(finished, **changes):
    """Return the run's settings with more epochs and other changes."""
    return replace(finished[0], **{"epochs": 4, **changes})


def contents(folder):
    return {
        path.relative_to(folder): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "tensorboard" not in path.parts
    }


def last_checkpoint(run):
    [path] = (run / "checkpoints").glob("last.*")
    return path


def assert_refused(finished_or_longer, run, message):
    before = contents(run)
    with pytest.raises(InputError, match=message) as caught:
        train(finished_or_longer)
    assert "\n" not in str(caught.value)
    assert contents(run) == before


@pytest.mark.parametrize("place", np.linspace(0.15, 0.95, 6))
def test_flipped_bits_in_the_last_checkpoint(finished, place):
    path = last_checkpoint(finished[1])
    content = bytearray(path.read_bytes())
    content[int(place * len(content))] ^= 0b00010000
    path.write_bytes(content)
    assert_refused(longer(finished), finished[1], "last.*damaged or changed.*another `run_dir`")


def test_a_missing_checkpoint_is_no_new_start(finished):
    last_checkpoint(finished[1]).unlink()
    assert_refused(longer(finished), finished[1], "last.*missing.*restore an intact copy")


def test_fewer_epochs_than_are_done_are_refused(finished):
    fewer = replace(finished[0], epochs=2)
    assert_refused(
        fewer, finished[1], "epochs=2: the run has already done 3 epochs.*`epochs=3`, or choose"
    )


def test_a_missing_history_comes_back_whole(finished):
    _, run = finished
    before = history_of(run)
    (run / "history.csv").unlink()
    results = train(longer(finished))
    assert history_of(run)[:4] == before
    assert results.metrics["before"]["psnr"] == before[0]["val_psnr"]


def test_an_empty_history_is_moved_away_and_comes_back(finished):
    _, run = finished
    before = history_of(run)
    (run / "history.csv").write_text("")
    assert_refused(longer(finished), run, "history.csv: damaged.*move it away")
    (run / "history.csv").rename(run / "empty.csv")
    train(longer(finished))
    assert history_of(run)[:4] == before


def test_a_lost_history_replaces_no_better_generator(finished):
    """The best generator so far is chosen among all epochs, not only those after the loss."""
    _, run = finished
    best = max(row["val_psnr"] for row in history_of(run)[1:])
    (run / "history.csv").unlink()
    train(longer(finished, epochs=5))
    best = max(best, *(row["val_psnr"] for row in history_of(run)[4:]))
    train(longer(finished, epochs=5, final="best"))
    metrics = json.loads((run / "results.json").read_text())["metrics"]
    assert metrics["after"]["psnr"] == pytest.approx(best, abs=1e-4)


def test_a_truncated_generator_is_not_trained_already(finished):
    same, run = finished
    generator = run / "generator.keras"
    whole = generator.read_bytes()
    generator.write_bytes(whole[: len(whole) // 2])
    assert_refused(same, run, "generator.keras: damaged.*move it away and repeat")
    generator.unlink()
    train(same)
    keras_f2a.load_generator(generator)


@pytest.mark.parametrize(
    "name, content",
    [
        ("results.json", "{"),
        ("results.json", "[]"),
        ("history.csv", "epoch\nmany\n"),
        ("config.json", "{}"),
        ("config.json", '{"settings": []}'),
        ("SHA256SUMS", "x"),
        *(pytest.param(f"{n}.json", 100_000 * "[", id=f"deep {n}") for n in ("config", "results")),
    ],
)
def test_damaged_texts_are_one_line(finished, name, content):
    same, run = finished
    (run / name).write_text(content)
    assert_refused(same, run, name)


def test_files_without_digests_are_not_trusted(finished):
    """The way out that the error message names works."""
    same, run = finished
    (run / "SHA256SUMS").unlink()
    with pytest.raises(InputError, match="SHA256SUMS: missing.*and run sha256sum") as caught:
        train(same)
    files = str(caught.value).split("sha256sum ")[1].split(" > ")[0]
    sums = subprocess.run(["sha256sum", *files.split()], cwd=run, capture_output=True, text=True)
    (run / "SHA256SUMS").write_text(sums.stdout)
    assert train(same).metrics


def test_digests_are_as_sha256sum_reads_them(finished):
    command = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    done = subprocess.run(command, cwd=finished[1], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert len(done.stdout.splitlines()) == 7


def test_the_best_generator_is_looked_for_before_training(finished):
    _, run = finished
    best = run / "checkpoints" / "best_generator.keras"
    best.write_bytes(best.read_bytes()[:1000])
    assert_refused(longer(finished, final="best"), run, "best_generator.*damaged.*`final=last`")
    best.unlink()
    assert_refused(longer(finished, final="best"), run, "best_generator.*missing.*`final=last`")
    train(longer(finished))


@pytest.mark.parametrize("damage", ["unlink", "truncate"])
def test_a_best_generator_lost_while_training_costs_no_training(
    damage, three_epochs, tmp_path, monkeypatch
):
    run = tmp_path / "run"
    best = run / "checkpoints" / "best_generator.keras"

    def lose(self, epoch, logs=None):
        best.unlink() if damage == "unlink" else best.write_bytes(b"PK")

    monkeypatch.setattr(callbacks.SampleGrids, "on_epoch_end", lose)
    wanted = settings(three_epochs / "data", run, epochs=1, final="best")
    with pytest.raises(WorkError, match="best_generator.*training is done.*`final=last`") as caught:
        train(wanted)
    assert "\n" not in str(caught.value)
    best.unlink(missing_ok=True)
    result = train(settings(three_epochs / "data", run, epochs=1))
    keras_f2a.load_generator(result.generator)


def test_final_best_needs_a_validated_epoch(three_epochs, tmp_path):
    wanted = {"epochs": 2, "validate_every": 3, "final": "best"}
    with pytest.raises(
        InputError, match="final=best: no epoch would be validated.*`validate_every=2`"
    ):
        train(settings(three_epochs / "data", tmp_path / "run", **wanted))


@pytest.mark.parametrize("share", [0.5, 0.95])
def test_a_full_disk_inside_a_checkpoint_is_one_line(finished, share):
    """The file size limit is below the size of a checkpoint, which acts like a full disk."""
    _, run = finished
    checkpoint = last_checkpoint(run)
    limit = int(share * checkpoint.stat().st_size)
    # The generator is written before the checkpoint, so the limit must not stop it.
    assert (run / "generator.keras").stat().st_size < limit
    kept = checkpoint.read_bytes()
    options = options_of(longer(finished))
    ended = Processes(largest_file=limit).command("keras_f2a.train", *options)
    assert ended.code == 1, ended.errors
    assert ended.errors.count("\n") == 1 and "File too large" in ended.errors
    assert checkpoint.read_bytes() == kept
    assert run_command("keras_f2a.train", *options).returncode == 0


def test_losses_that_are_no_numbers_end_the_run(three_epochs, tmp_path):
    run = tmp_path / "run"
    wild = {"precision": "mixed_float16", "generator_learning_rate": 10.0, "epochs": 8}
    with pytest.raises(WorkError, match="reconstruction loss became NaN or infinite"):
        train(tiny_runs.settings(three_epochs / "data", run, **wild))
    assert not (run / "generator.keras").exists()
