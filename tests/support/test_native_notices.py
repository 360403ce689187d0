import os

import pytest

from keras_f2a.support.native_notices import without_native_notices


def test_notices_are_dropped_and_errors_passed_on(capfd):
    with pytest.raises(KeyError), without_native_notices():
        os.write(2, b"INFO: created\nERROR: broken\n")
        os.write(2, b"a line without end")
        raise KeyError
    os.write(2, b"\nafterwards\n")
    assert capfd.readouterr().err == "ERROR: broken\na line without end\nafterwards\n"
