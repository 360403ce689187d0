"""PyTorch state dictionaries are read without PyTorch."""

import io
import pickle
import zipfile
from collections import OrderedDict

import numpy as np
import pytest

from keras_f2a.model_files.pytorch_file import PyTorchFileError, read_state_dictionary
from tests.faults.damage import damaged
from tests.pytorch_files import Storage, call, of, parameter, save, tensor

VALUES = np.array([[0.0, 1.5], [-2.0, 0.25]])
both = pytest.mark.parametrize("zipped", [True, False], ids=["zip", "legacy"])


def state():
    row = Storage(np.arange(12, dtype=np.float32))
    upper = (VALUES.astype(np.float32).view(np.uint32) >> 16).astype(np.uint16)
    found = OrderedDict(
        trained=parameter(VALUES.astype(np.float32)),
        half=of(VALUES.astype(np.float16)),
        double=of(VALUES),
        bfloat16=tensor(Storage(upper, "BFloat16"), (2, 2), (2, 1)),
        count=of(np.int64(7)),
        turned=tensor(row, (3, 2), (1, 3)),
        part=tensor(row, (4,), (1,), offset=3),
        empty=of(np.zeros((0, 3), np.float32)),
    )
    found._metadata = OrderedDict({"": {"version": 1}})
    return found


@both
def test_every_kind_of_number_and_view_is_read(tmp_path, zipped):
    save(state(), tmp_path / "a.pth", zipped=zipped)
    read = read_state_dictionary(tmp_path / "a.pth")
    assert all(value.dtype == np.float32 for value in read.values())
    for name in ("trained", "half", "double", "bfloat16"):
        np.testing.assert_array_equal(read[name], VALUES)
    assert (read["count"], read["empty"].shape) == (7, (0, 3))
    np.testing.assert_array_equal(read["turned"], [[0, 3], [1, 4], [2, 5]])
    np.testing.assert_array_equal(read["part"], [3, 4, 5, 6])


NUMBERS = np.ones(4, np.float32)
REFUSED = {
    "code": ({"a": call("os", "system", "touch nowhere")}, "something other than tensors"),
    "builtin": ({"a": call("builtins", "eval", "1")}, "something other than tensors"),
    "sparse": (
        {"a": call("torch._utils", "_rebuild_sparse_tensor", 1)},
        "something other than tensors",
    ),
    "no dictionary": ([of(NUMBERS)], "no state dictionary"),
    "a tensor": (of(NUMBERS), "no state dictionary"),
    "a number": ({"a": 3}, "no state dictionary"),
    "too far": ({"a": tensor(Storage(NUMBERS), (4,), (2,))}, "extends past its numbers"),
    "too many": ({"a": tensor(Storage(NUMBERS), (10**9,), (0,))}, "extends past its numbers"),
    "negative": ({"a": tensor(Storage(NUMBERS), (2,), (-1,), 1)}, "has no shape"),
    "no sizes": ({"a": tensor(Storage(NUMBERS), ("x",), (1,))}, "has no shape"),
    "no storage": ({"a": tensor(NUMBERS.tolist(), (4,), (1,))}, "cannot be read"),
    "many views": (
        {i: tensor(s, (5000,), (1,)) for s in [Storage(np.ones(5000, "f4"))] for i in range(500)},
        "more numbers than it stores",
    ),
}


@both
@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_state_dictionary_is_refused(tmp_path, kind, zipped):
    found, message = REFUSED[kind]
    save(found, tmp_path / "a.pth", zipped=zipped)
    with pytest.raises(PyTorchFileError, match=message):
        read_state_dictionary(tmp_path / "a.pth")


def test_a_pickle_cannot_ask_for_any_memory(tmp_path):
    """Python's unpickler in C would allocate a memo with two billion entries for this file."""
    memo = b"\x80\x02}r" + (2**31 - 1).to_bytes(4, "little") + b"."
    with zipfile.ZipFile(tmp_path / "a.pth", "w") as archive:
        archive.writestr("archive/data.pkl", memo)
    assert read_state_dictionary(tmp_path / "a.pth") == {}


@both
def test_damaged_files_are_refused_or_read(tmp_path, zipped):
    save(state(), tmp_path / "whole.pth", zipped=zipped)
    whole = (tmp_path / "whole.pth").read_bytes()
    rng, path = np.random.default_rng(0), tmp_path / "a.pth"
    for _ in range(300):
        path.write_bytes(damaged(whole, rng))
        try:
            read_state_dictionary(path)
        except PyTorchFileError as error:
            assert "\n" not in str(error)


def test_other_pickles_are_refused(tmp_path):
    for content in (b"", b"text", pickle.dumps([1, 2]), io.BytesIO(b"\x80\x02.").getvalue()):
        (tmp_path / "a.pth").write_bytes(content)
        with pytest.raises(PyTorchFileError):
            read_state_dictionary(tmp_path / "a.pth")
