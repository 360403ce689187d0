"""Reads the tensors of a PyTorch state dictionary without PyTorch.

PyTorch writes pickles. This reader builds only numbers from them. It refuses every name in a file
except those of tensors and containers, so that a file cannot run code. There are two formats: a zip
archive since PyTorch 1.6, and before that several pickles followed by raw numbers.
"""

import functools
import io
import pickle
import zipfile
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

_LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
_LEGACY_VERSION = 1001
_DTYPES = {
    "Double": "<f8", "Float": "<f4", "Half": "<f2", "BFloat16": "<u2", "Long": "<i8", "Int": "<i4",
    "Short": "<i2", "Char": "<i1", "Byte": "<u1", "Bool": "<?",
}  # fmt: skip
_MAX_DIMENSIONS = 8


class PyTorchFileError(ValueError):
    """The file is not a readable state dictionary. The message says why."""


def read_state_dictionary(path: Path) -> dict[str, np.ndarray]:
    """Read every tensor as float32.

    Args:
        path: A file that `torch.save` wrote.

    Raises:
        PyTorchFileError: The file is not a checkpoint, is damaged, or holds something else.
    """
    try:
        state = _read_zip(path) if zipfile.is_zipfile(path) else _read_legacy(path)
        return _read_values(state, path.stat().st_size)
    except PyTorchFileError:
        raise
    except Exception as error:  # Damaged pickles and archives raise almost any exception.
        raise PyTorchFileError(f"not a PyTorch checkpoint ({type(error).__name__})") from error


def _read_values(state: Any, file_size: int) -> dict[str, np.ndarray]:
    if not isinstance(state, Mapping) or not all(isinstance(v, _Tensor) for v in state.values()):
        raise PyTorchFileError("contains no state dictionary of tensors")
    values, count = {}, 0
    for name, tensor in state.items():
        values[str(name)] = tensor.values()
        count += values[str(name)].size
        if count > file_size:  # A number takes at least a byte, but views may share a storage.
            raise PyTorchFileError("declares more numbers than it stores")
    return values


class _Storage:
    """A flat array of numbers, of which tensors are views."""

    def __init__(self, type_name: str, count: int, content: bytes = b""):
        self._type_name, self.count, self.content = type_name, count, content

    @property
    def size(self) -> int:
        """Size in bytes."""
        return self.count * np.dtype(_DTYPES[self._type_name]).itemsize

    @functools.cached_property
    def numbers(self) -> np.ndarray:
        """All numbers as float32."""
        if len(self.content) != self.size:
            raise PyTorchFileError("is damaged: it has fewer numbers than it declares")
        numbers = np.frombuffer(self.content, _DTYPES[self._type_name])
        if self._type_name == "BFloat16":  # The upper half of a float32.
            return (numbers.astype(np.uint32) << 16).view(np.float32)
        return numbers.astype(np.float32)


class _Tensor:
    """A dense tensor, which is a view of a storage. Unpickling calls it with a tensor's fields."""

    def __init__(self, storage: Any, offset: Any, shape: Any, strides: Any, *_: Any):
        self._storage, self._offset, self._shape, self._strides = storage, offset, shape, strides

    def values(self) -> np.ndarray:
        """Return a copy of the numbers as float32."""
        dimensions = (self._offset, *self._shape, *self._strides)
        is_valid = all(type(number) is int and number >= 0 for number in dimensions)
        if not is_valid or len(self._shape) != len(self._strides):
            raise PyTorchFileError("is damaged: a tensor has no shape")
        if len(self._shape) > _MAX_DIMENSIONS or not isinstance(self._storage, _Storage):
            raise PyTorchFileError("contains a tensor that cannot be read")
        numbers = self._storage.numbers[self._offset :]
        steps = zip(self._shape, self._strides, strict=True)
        last_index = sum((size - 1) * stride for size, stride in steps)
        available = max(numbers.size, 1)
        if np.prod(self._shape, dtype=object) > available or last_index >= available:
            raise PyTorchFileError("is damaged: a tensor extends past its numbers")
        strides = [4 * stride for stride in self._strides]
        return np.lib.stride_tricks.as_strided(numbers, self._shape, strides).copy()


def _parameter(tensor: Any, *_: Any) -> Any:
    return tensor


_ALLOWED_NAMES: dict[tuple[str, str], Any] = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch._utils", "_rebuild_tensor"): _Tensor,
    ("torch._utils", "_rebuild_tensor_v2"): _Tensor,
    ("torch._utils", "_rebuild_parameter"): _parameter,
} | {("torch", f"{type_name}Storage"): type_name for type_name in _DTYPES}


class _Unpickler(pickle._Unpickler):
    """Unpickles in Python, because a file can make the C unpickler allocate any memory."""

    def __init__(self, file: BinaryIO, load: Any = None):
        super().__init__(file, encoding="utf-8")
        self._load = load

    def find_class(self, module: str, name: str) -> Any:
        """Return what replaces a name in the file."""
        if (module, name) not in _ALLOWED_NAMES:
            raise PyTorchFileError(
                f"contains something other than tensors of numbers ({name[:60]})"
            )
        return _ALLOWED_NAMES[module, name]

    def persistent_load(self, pid: Any) -> Any:
        """Return a storage, which is outside the pickle."""
        if self._load is None or pid[0] != "storage" or pid[1] not in _DTYPES:
            raise PyTorchFileError("contains a tensor that cannot be read")
        return self._load(*pid[1:])


def _read_zip(path: Path) -> Any:
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith("/data.pkl")]
        if len(names) != 1:
            raise PyTorchFileError("not a PyTorch checkpoint (it has no data.pkl)")
        folder = names[0].removesuffix("data.pkl")
        byte_order = f"{folder}byteorder"
        if byte_order in archive.namelist() and archive.read(byte_order) != b"little":
            raise PyTorchFileError("was written on a big-endian machine")

        def load(type_name: str, key: str, _location: str, count: int) -> _Storage:
            member = archive.getinfo(f"{folder}data/{key}")
            storage = _Storage(type_name, count)
            if member.file_size != storage.size or member.compress_type != zipfile.ZIP_STORED:
                raise PyTorchFileError("is damaged: it has fewer numbers than it declares")
            storage.content = archive.read(member)
            return storage

        if archive.getinfo(names[0]).compress_type != zipfile.ZIP_STORED:
            raise PyTorchFileError("not a PyTorch checkpoint (it is compressed)")
        return _Unpickler(io.BytesIO(archive.read(names[0])), load).load()


def _read_legacy(path: Path) -> Any:
    with path.open("rb") as file:
        if _Unpickler(file).load() != _LEGACY_MAGIC or _Unpickler(file).load() != _LEGACY_VERSION:
            raise PyTorchFileError("not a PyTorch checkpoint")
        system = _Unpickler(file).load()
        if not isinstance(system, dict) or not system.get("little_endian", True):
            raise PyTorchFileError("was written on a big-endian machine")
        storages: dict[str, _Storage] = {}

        def load(
            type_name: str, key: str, _location: str, count: int, view: Any = None
        ) -> _Storage:
            if view is not None:
                raise PyTorchFileError("contains a tensor that cannot be read")
            return storages.setdefault(key, _Storage(type_name, count))

        state = _Unpickler(file, load).load()
        file_size = path.stat().st_size
        for key in _Unpickler(file).load():
            storage = storages[key]
            count = int.from_bytes(file.read(8), "little")
            if count != storage.count or storage.size > file_size:
                raise PyTorchFileError("is damaged: it has fewer numbers than it declares")
            storage.content = file.read(storage.size)
        return state
