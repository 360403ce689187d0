import subprocess
import sys

import pytest


def run(*arguments):
    command = [sys.executable, "-m", "keras_f2a.reproduce", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


def test_reproduces_both_tables_and_skips_what_is_trained(data_directory, tmp_path):
    output = tmp_path / "out"
    command = ("--data", data_directory, "--output", output, "--epochs", 1, "--width", 0.0625)
    command += ("--limit", 2, "--batch-size", 2, "--crop-size", 32)
    done = run(*command)
    assert done.returncode == 0, done.stderr
    for text in ("Table 1", "LIME", "12.38", "DeepFlash", "15.39", "Table 2", "4. U-Net", "0.643"):
        assert text in done.stdout, text
    for condition in ("guided", "unguided", "reconstruction", "unet", "deepflash"):
        assert (output / "runs" / condition / "generator.keras").is_file()
    for line in done.stdout.splitlines()[-2:]:
        assert line.endswith(".png") and (output / line).is_file()
    assert r"\begin{tabular}" in (output / "tables.tex").read_text()
    again = run(*command)
    assert again.returncode == 0 and again.stdout.count("trained already") == 5


@pytest.mark.parametrize(
    "arguments, message",
    [
        (("--data", "nowhere"), "--data nowhere: no such folder"),
        (("--limit", 0), "--limit 0: must be at least 1"),
    ],
)
def test_bad_calls_are_one_line(arguments, message, tmp_path):
    done = run(*arguments, "--output", tmp_path / "out")
    assert done.returncode == 2
    assert message in done.stderr and "Traceback" not in done.stderr
