from pathlib import Path

import pytest

from keras_f2a.support.printable import printable, printable_lines


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Grüße 1.jpg", "Grüße 1.jpg"),
        ("写真 'a'.jpg", "写真 'a'.jpg"),
        ("a\nb\t.jpg", r"a\nb\t.jpg"),
        ("\x1b[2Ja.jpg", r"\x1b[2Ja.jpg"),
        ("a\u202egpj.exe", r"a\u202egpj.exe"),
        ("\udcff.jpg", r"\udcff.jpg"),
    ],
)
def test_names_fit_on_a_line_and_steer_no_terminal(name, shown):
    assert printable(name) == printable(Path(name)) == shown


def test_a_messages_lines_stay_lines():
    assert printable_lines("2 problems:\n  \x1b[2Ja.jpg\n") == "2 problems:\n  \\x1b[2Ja.jpg\n"
