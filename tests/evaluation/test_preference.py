"""Counting the answers of a blind choice."""

import json

import pytest

from keras_f2a.cli.program import main
from keras_f2a.evaluation.preference import tally
from keras_f2a.evaluation.preference_table import preference_table
from keras_f2a.support.errors import InputError
from tests.evaluation.blind_choice import make


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
    with pytest.raises(InputError, match="viewers=two friends: needs `preference`; give both"):
        main(command)


@pytest.mark.parametrize(
    "line",
    [
        *("first L", "1 ?", "1", "99 L", "1 L\n1 R"),
        *("1 looks equal to me", "1 really no difference", "1 lefty", "1 L/R", "1 =L", "1 L'autre"),
    ],
)
def test_what_is_no_answer_is_named(folders, line):
    make(folders)
    (folders / "one.txt").write_text(line)
    with pytest.raises(InputError, match="one.txt"):
        tally(folders / "key.json", [folders / "one.txt"])


def test_the_message_says_what_an_answer_is(folders):
    make(folders)
    (folders / "one.txt").write_text("1 L\n2 really no difference\n")
    with pytest.raises(InputError, match="line 2: give a number, then L, R or =, then a space"):
        tally(folders / "key.json", [folders / "one.txt"])


@pytest.mark.parametrize("text", ["L", "l brighter", "Left", "LEFT, brighter", "left. brighter"])
def test_a_side_may_be_a_letter_or_a_word(folders, text):
    make(folders)
    (folders / "one.txt").write_text(f"1 {text}")
    key = json.loads((folders / "key.json").read_text())
    count = tally(folders / "key.json", [folders / "one.txt"])[key["1"]["version"]]
    assert (count.result, count.total) == (int(key["1"]["side"] == "L"), 1)


def test_files_of_notepad_are_read(folders):
    make(folders)
    for name in ("key.json", "one.txt"):
        text = (folders / name).read_text() if name == "key.json" else "1 =\n"
        (folders / name).write_text(text, encoding="utf-8-sig")
    counts = tally(folders / "key.json", [folders / "one.txt"])
    assert sum(count.neither for count in counts.values()) == 1


def test_more_viewers_of_the_same_photographs_are_not_more_photographs(folders):
    trials = {
        str(n): {"photograph": f"photo {n}", "version": "ours", "side": "L"} for n in range(1, 13)
    }
    (folders / "key.json").write_text(json.dumps(trials))
    files = [folders / f"viewer{n}.txt" for n in range(12)]
    for file in files:
        file.write_text("\n".join(f"{n} {'LR'[int(n) > 8]}" for n in trials))
    once, often = (
        preference_table(tally(folders / "key.json", files[:viewers])) for viewers in (1, 12)
    )
    assert once.rows[0][1].startswith("8 of 12 [") and often.rows[0][1].startswith("96 of 144 [")
    interval = once.rows[0][1].partition("[")[2]
    assert often.rows[0][1].partition("[")[2] == interval
    assert "bootstrap over photographs" in once.caption


def test_the_order_of_the_answers_does_not_matter(folders):
    make(folders)
    for name, lines in (("one.txt", ["1 L", "2 L", "3 R", "4 ="]), ("two.txt", ["4 L", "2 R"])):
        (folders / name).write_text("\n".join(lines))
    files = [folders / "one.txt", folders / "two.txt"]
    tables = [
        preference_table(tally(folders / "key.json", order)) for order in (files, files[::-1])
    ]
    assert tables[0] == tables[1]


def test_a_viewer_is_counted_once(folders):
    make(folders)
    (folders / "one.txt").write_text("1 L")
    with pytest.raises(InputError, match="name the file of each viewer once"):
        tally(folders / "key.json", [folders / "one.txt", folders / "sheets" / "../one.txt"])


@pytest.mark.parametrize("missing", ["key.json", "one.txt"])
def test_a_file_that_is_missing_is_named(folders, missing):
    make(folders)
    (folders / "one.txt").write_text("1 L")
    (folders / missing).unlink()
    with pytest.raises(InputError, match=rf"{missing}: cannot be read \(No such file"):
        tally(folders / "key.json", [folders / "one.txt"])


@pytest.mark.parametrize(
    "trial",
    [
        None,
        {"photograph": "a", "version": "ours"},
        {"version": "ours", "side": "L"},
        {"photograph": "a", "version": "ours", "side": "M"},
        {"photograph": "a", "version": ["ours"], "side": "L"},
    ],
)
def test_foreign_keys_are_named(folders, trial):
    content = [1] if trial is None else {"1": trial}
    (folders / "key.json").write_text(json.dumps(content))
    (folders / "one.txt").write_text("1 L")
    with pytest.raises(InputError, match=r"key\.json: not a key"):
        tally(folders / "key.json", [folders / "one.txt"])
