import pytest

from keras_f2a.support.errors import one_line


@pytest.mark.parametrize("length", [299, 300, 301, 5000])
def test_a_long_message_is_cut_to_300_characters(length):
    line = one_line(ValueError("x" * length))
    assert len(line) == min(length, 300)
    assert line.endswith("…") == (length > 300)


def test_a_message_of_several_lines_is_one_line():
    assert one_line(ValueError("first\n  second\t third\n")) == "first second third"
    assert one_line(KeyError()) == "KeyError"
    assert one_line(OSError(28, "No space left on device", "a.jpg")) == "No space left on device"
