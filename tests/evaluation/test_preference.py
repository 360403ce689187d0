import io
import json
import struct

import numpy as np
import pytest
from PIL import Image, ImageCms

from keras_f2a.cli.program import main
from keras_f2a.evaluation.preference import tally
from keras_f2a.evaluation.preference_interval import share_interval, wilson_interval
from keras_f2a.evaluation.preference_sheets import make_sheets
from keras_f2a.evaluation.preference_table import preference_table
from keras_f2a.imaging.cicp import display_p3_profile
from keras_f2a.support.errors import InputError


def linear_gray_profile():
    """Return a color profile for gray values that are proportional to light."""
    white = struct.pack(">3i", 63190, 65536, 54061)  # D50, in 1/65536
    tags = {b"wtpt": b"XYZ " + bytes(4) + white, b"kTRC": b"curv" + bytes(8)}
    start = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, content in tags.items():
        table += name + struct.pack(">2I", start + len(body), len(content))
        body += content
    size = start + len(body)
    header = struct.pack(">I4sI4s4s4s", size, b"lcms", 0x02100000, b"mntr", b"GRAY", b"XYZ ")
    header += bytes(12) + b"acsp" + bytes(28) + white + bytes(48)
    return header + table + body


@pytest.fixture
def folders(tmp_path):
    for folder, value in (("original", 40), ("ours", 200), ("other", 120)):
        (tmp_path / folder).mkdir()
        for name in ("a", "b"):
            picture = np.full((30, 40, 3), value, np.uint8)
            Image.fromarray(picture).save(tmp_path / folder / f"{name}.png")
    return tmp_path


def show(folders, *names, **changes):
    versions = {name: folders / name for name in names}
    key = changes.pop("key", folders / "key.json")
    return make_sheets(folders / "original", versions, folders / "sheets", key=key, **changes)


def make(folders, **changes):
    return show(folders, "ours", "other", **changes)


def sheet(folders, number=1):
    with Image.open(folders / "sheets" / f"sheet_{number:03d}.png") as image:
        return np.asarray(image.convert("RGB"))


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


def test_answers_that_all_agree_are_not_certain():
    """Every bootstrap sample of such answers would have the same share."""
    assert share_interval(np.zeros(10), np.full(10, 2)) == wilson_interval(0, 10)


def test_the_interval_is_of_photographs_drawn_anew():
    kept, answers = np.array([2, 1, 0, 2, 0, 1, 2, 2]), np.array([2, 2, 2, 2, 1, 2, 2, 3])
    draws = np.random.default_rng(0)
    shares = []
    for _ in range(5_000):
        drawn = draws.integers(8, size=8)
        shares.append(kept[drawn].sum() / answers[drawn].sum())
    expected = np.quantile(shares, [0.025, 0.975])
    assert share_interval(kept, answers) == pytest.approx(tuple(expected))


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


def test_two_versions_of_one_name_are_refused(folders):
    options = [f"--original={folders / 'original'}", f"--output={folders / 'sheets'}"]
    options += [f"--version=a={folders / name}" for name in ("ours", "other")]
    with pytest.raises(InputError, match="version=a: names two folders"):
        main(["prefer", "sheets", *options, f"--key={folders / 'key.json'}"])
    assert not (folders / "sheets").exists()


def test_a_key_that_cannot_be_written_is_named_before_a_sheet_is_drawn(folders):
    (folders / "file").touch()
    with pytest.raises(InputError, match="is not a folder"):
        make(folders, key=folders / "file" / "key.json")
    assert not (folders / "sheets").exists()


def test_viewers_cannot_see_the_key(folders):
    with pytest.raises(InputError, match="viewers must not see it"):
        make(folders, key=folders / "sheets" / "key.json")


def test_damaged_pictures_are_named(folders):
    (folders / "ours/a.png").write_bytes(b"no picture")
    with pytest.raises(InputError, match=r"a\.png"):
        make(folders)


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


def test_sheets_and_keys_of_an_earlier_round_are_not_mixed_with_new_ones(folders):
    make(folders)
    before = {path: path.read_bytes() for path in (folders / "sheets").iterdir()}
    with pytest.raises(InputError, match="output=.*sheets of an earlier round.*another folder"):
        make(folders, key=folders / "key_2.json", seed=1)
    assert {path: path.read_bytes() for path in (folders / "sheets").iterdir()} == before
    key = (folders / "key.json").read_bytes()
    (folders / "sheets").rename(folders / "first")
    with pytest.raises(InputError, match="key=.*key of an earlier round.*another file"):
        make(folders, seed=1)
    assert (folders / "key.json").read_bytes() == key


def test_turned_photographs_are_shown_upright_beside_their_results(folders):
    """A camera stores portrait photographs rotated, but `correct` stores them upright."""
    for name in ("a", "b"):
        (folders / "original" / f"{name}.png").unlink()
        exif = Image.Exif()
        exif[0x0112] = 6
        Image.new("RGB", (40, 30), (40, 40, 40)).save(folders / f"original/{name}.jpg", exif=exif)
        Image.new("RGB", (30, 40), (200, 200, 200)).save(folders / f"ours/{name}.png")
    show(folders, "ours")
    assert sheet(folders).shape[0] == 2 * (640 + 40)
    middle = sheet(folders)[30:670, [330, 980]]
    assert {tuple(side.mean(axis=0)) for side in middle.swapaxes(0, 1)} == {(40,) * 3, (200,) * 3}


def test_photographs_of_every_kind_that_is_corrected_are_shown(folders):
    pytest.importorskip("pillow_heif").register_heif_opener()
    for name in ("a", "b"):
        (folders / "original" / f"{name}.png").unlink()
    Image.new("RGB", (64, 48), (40, 40, 40)).save(folders / "original/a.HEIC", quality=100)
    deep = np.full((48, 64), 40 * 257, np.uint16)
    Image.fromarray(deep).save(folders / "original/b.tif")
    (folders / "original/._a.HEIC").write_bytes(b"\0\5\x16\7 of macOS")
    (folders / "ours/._a.png").write_bytes(b"\0\5\x16\7 of macOS")
    (folders / "ours/a.png.compare.jpg").write_bytes(b"of --compare")
    assert make(folders) == 4
    for side in sheet(folders)[270, [330, 980]].astype(int):
        assert min(abs(side[0] - value) for value in (40, 120, 200)) <= 2


def test_colors_are_those_of_the_profile(folders):
    """A photograph in Display P3 looks the same as its copy that was converted to sRGB."""
    profile = display_p3_profile()
    for name in ("a", "b"):
        wide = Image.new("RGB", (40, 30), (180, 60, 60))
        wide.save(folders / f"original/{name}.png", icc_profile=profile)
        space = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        plain = ImageCms.profileToProfile(wide, space, ImageCms.createProfile("sRGB"))
        plain.save(folders / f"ours/{name}.png", icc_profile=None)
    show(folders, "ours")
    left, right = sheet(folders)[270, [330, 980]]
    assert left.tolist() == right.tolist() and left[0] > 185


def test_gray_pictures_have_the_tone_of_their_profile(folders):
    """The profile says that the values are linear light."""
    profile = linear_gray_profile()
    for folder in ("original", "ours"):
        for name in ("a", "b"):
            picture = Image.new("L", (40, 30), 100)
            picture.save(folders / folder / f"{name}.png", icc_profile=profile)
    show(folders, "ours")
    assert abs(int(sheet(folders)[270, 330, 0]) - 168) <= 2


def test_the_key_needs_a_folder(folders):
    with pytest.raises(InputError, match="its folder does not exist"):
        make(folders, key=folders / "keys" / "key.json")
    assert not (folders / "sheets").exists()


def test_two_pictures_of_one_name_are_refused(folders):
    Image.new("RGB", (40, 30)).save(folders / "original/a.jpg")
    with pytest.raises(InputError, match=r"original: holds a\.jpg and a\.png.*keep one"):
        make(folders)


def test_wilson_intervals():
    low, high = wilson_interval(45, 82)
    assert (round(low, 3), round(high, 3)) == (0.441, 0.652)
    assert wilson_interval(0, 0) == (0, 1)
    assert wilson_interval(0, 10)[0] == 0
