"""Writes state dictionaries like `torch.save` does, in both of its formats, without PyTorch.

`_Global` stands for a name that PyTorch's pickles refer to. The reader was also tested on files
that PyTorch itself wrote.
"""

import io
import pickle
import zipfile
from collections import OrderedDict

import numpy as np

KINDS = {"float64": "Double", "float32": "Float", "float16": "Half", "int64": "Long"}
MAGIC, VERSION = 0x1950A86A20F9469CFC6C, 1001


class _Global:
    """A global name that is pickled by reference. The reader calls it if it has arguments."""

    def __init__(self, module, name, arguments=None):
        self.module, self.name, self.arguments = module, name, arguments


class Storage:
    """The memory that tensors are views of."""

    def __init__(self, array, kind=None):
        self.array, self.kind = np.ascontiguousarray(array).ravel(), kind or KINDS[array.dtype.name]


class _Pickler(pickle._Pickler):
    dispatch = dict(pickle._Pickler.dispatch)

    def __init__(self, file, storages, legacy):
        super().__init__(file, 2)
        self.storages, self.legacy = storages, legacy

    def persistent_id(self, item):
        if not isinstance(item, Storage):
            return None
        key = str(self.storages.setdefault(id(item), (len(self.storages), item))[0])
        name = _Global("torch", f"{item.kind}Storage")
        more = (None,) if self.legacy else ()
        return ("storage", name, key, "cpu", item.array.size, *more)

    def save_name(self, item):
        self.write(b"c" + f"{item.module}\n{item.name}\n".encode())
        if item.arguments is not None:
            self.save(item.arguments)
            self.write(b"R")

    dispatch[_Global] = save_name


def tensor(storage, shape, strides, offset=0):
    """Return a strided view of a storage."""
    arguments = (storage, offset, tuple(shape), tuple(strides), False, OrderedDict())
    return _Global("torch._utils", "_rebuild_tensor_v2", arguments)


def parameter(array):
    """Return an array as a trainable parameter."""
    return _Global("torch._utils", "_rebuild_parameter", (of(array), True, OrderedDict()))


def of(array):
    """Return an array as a tensor with its own storage."""
    array = np.asarray(array)
    return tensor(Storage(array), array.shape, [n // array.itemsize for n in array.strides])


def call(module, name, *arguments):
    """Return any other call that a pickle may request."""
    return _Global(module, name, arguments)


def save(found, path, *, zipped):
    """Write what `torch.save(found, path, _use_new_zipfile_serialization=zipped)` writes."""
    storages, content = {}, io.BytesIO()
    _Pickler(content, storages, legacy=not zipped).dump(found)
    arrays = {str(number): storage.array for number, storage in storages.values()}
    if zipped:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("archive/data.pkl", content.getvalue())
            archive.writestr("archive/byteorder", "little")
            for key, array in arrays.items():
                archive.writestr(f"archive/data/{key}", array.tobytes())
            archive.writestr("archive/version", "3\n")
        return
    system = {"protocol_version": VERSION, "little_endian": True, "type_sizes": {"int": 4}}
    with path.open("wb") as file:
        for item in (MAGIC, VERSION, system):
            pickle.dump(item, file, 2)
        file.write(content.getvalue())
        pickle.dump(list(arrays), file, 2)
        for array in arrays.values():
            file.write(array.size.to_bytes(8, "little") + array.tobytes())
