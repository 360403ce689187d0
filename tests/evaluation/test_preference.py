import json

import numpy as np
import pytest
from PIL import Image

from keras_f2a.cli.program import main
from keras_f2a.evaluation.preference import make_sheets, tally, wilson_interval
from keras_f2a.support.errors import InputError


@pytest.fixture
def folders(tmp_path):
    for folder, value in (("original", 40), ("ours", 200), ("other", 120)):
        (tmp_path / folder).mkdir()
        for name in ("a", "b"):
            picture = np.full((30, 40, 3), value, np.uint8)
            Image.fromarray(picture).save(tmp_path / folder / f"{name}.png")
    return tmp_path


def make(folders, **changes):
    versions = {"ours": folders / "ours", "other": folders / "other"}
    key = changes.pop("key", folders / "key.json")
    return make_sheets(folders / "original", versions, folders / "sheets", key=key, **changes)


def test_the_key_tells_the_side_that_a_result_is_on(folders):
    assert make(folders, seed=3) == 4
    key = json.loads((folders / "key.json").read_text())
    sheets = [np.asarray(Image.open(path)) for path in sorted((folders / "sheets").iterdir())]
    assert len(sheets) == 2
    for number, trial in key.items():
        row, height = (int(number) - 1) % 3, 480 + 40
        column = 330 if trial["side"] == "L" else 980
        shown = sheets[(int(number) - 1) // 3][row * height + 270, column]
        assert shown.tolist() == [{"ours": 200, "other": 120}[trial["version"]]] * 3


def test_answers_of_several_viewers_are_counted_by_version(folders, capsys):
    make(folders)
    key = json.loads((folders / "key.json").read_text())
    ours = [number for number, trial in key.items() if trial["version"] == "ours"]
    others = [number for number in key if number not in ours]
    lines = [f"{number} {key[number]['side']} brighter" for number in ours]
    lines += [f"{others[0]}: =", f"{others[1]} {'LR'[key[others[1]]['side'] == 'L']}"]
    (folders / "one.txt").write_text("\n".join(lines))
    (folders / "two.txt").write_text(f"{ours[0]} =\n\n")
    counts = tally(folders / "key.json", [folders / "one.txt", folders / "two.txt"])
    assert (counts["ours"].result, counts["ours"].original, counts["ours"].neither) == (2, 0, 1)
    assert (counts["other"].result, counts["other"].original, counts["other"].neither) == (0, 1, 1)
    main(["prefer", "tally", "--key", str(folders / "key.json"), str(folders / "one.txt")])
    printed = " ".join(capsys.readouterr().out.split())
    assert "| ours | 2 of 2 [34%, 100%] | 0 of 2 [0%, 66%] | 0 of 2 |" in printed
    assert "the viewers are not stated" in printed


def test_the_blind_choice_is_the_first_table_of_an_evaluation(folders, data_directory, capsys):
    make(folders)
    key = json.loads((folders / "key.json").read_text())
    (folders / "one.txt").write_text("\n".join(f"{n} {t['side']}" for n, t in key.items()))
    command = ["evaluate", "--data", str(data_directory), "--methods", "flash"]
    command += ["--output", str(folders / "report"), "--viewers", "two friends"]
    files = [str(folders / "key.json"), str(folders / "one.txt")]
    main([*command, "--preference", *files])
    printed = capsys.readouterr().out
    assert "viewers: two friends" in printed and "2 of 2 [34%, 100%]" in printed
    order = [printed.index(text) for text in ("Blind choice", "PSNR, aligned", "| PSNR (dB)")]
    assert order == sorted(order)
    for name in ("table.md", "table.tex", "index.html"):
        text = (folders / "report" / name).read_text(encoding="utf-8")
        assert text.index("two friends") < text.index("PSNR, aligned"), name
    with pytest.raises(InputError, match="preference: name the key, then"):
        main([*command, "--preference", files[0]])
    with pytest.raises(InputError, match="one.txt: not a key"):
        main([*command, "--preference", *reversed(files)])
    with pytest.raises(InputError, match="viewers=two friends: belongs to `preference`"):
        main(command)


@pytest.mark.parametrize("line", ["first L", "1 left?", "1", "99 L", "1 L\n1 R"])
def test_what_is_no_answer_is_named(folders, line):
    make(folders)
    line = line.replace("left?", "?")
    (folders / "one.txt").write_text(line)
    with pytest.raises(InputError, match="one.txt"):
        tally(folders / "key.json", [folders / "one.txt"])


def test_viewers_cannot_see_the_key(folders):
    with pytest.raises(InputError, match="viewers must not see it"):
        make(folders, key=folders / "sheets" / "key.json")


def test_damaged_pictures_and_foreign_keys_are_named(folders):
    (folders / "ours/a.png").write_bytes(b"no picture")
    with pytest.raises(InputError, match=r"a\.png"):
        make(folders)
    (folders / "key.json").write_text("[1]")
    with pytest.raises(InputError, match="not a key"):
        tally(folders / "key.json", [])


def test_wilson_intervals():
    low, high = wilson_interval(45, 82)
    assert (round(low, 3), round(high, 3)) == (0.441, 0.652)
    assert wilson_interval(0, 0) == (0, 1)
    assert wilson_interval(0, 10)[0] == 0
