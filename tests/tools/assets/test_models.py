import json

import numpy as np
import pytest

from tests.tools import fake_assets
from tools.assets import normals
from tools.assets.models import box_projection, convert
from tools.assets.sweethome import Library

CORNER = np.array([[[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 0, 0], [0, 1, 0], [0, 0, 1]]], float)
"""Two triangles at a right angle that share the edge x = z = 0."""


@pytest.fixture
def library(tmp_path):
    path = tmp_path / "BlendSwap-CC-BY.sh3f"
    fake_assets.write_library(path, {"crate": (200, 300, 100)})
    return Library(path)


def test_a_catalog_entry(library):
    entry = library.entries["BlendSwap-CC-BY/crate"]
    assert (entry.title, entry.creator, entry.license) == ("A crate", "Ann Author", "CC BY 3.0")
    np.testing.assert_allclose(entry.size, [2, 3, 1])
    assert not entry.shines


def test_a_converted_model(library):
    arrays = convert(library, library.entries["BlendSwap-CC-BY/crate"])
    description = json.loads(str(arrays["description"]))
    assert description["creator"] == "Ann Author"
    assert [surface["picture"] for surface in description["surfaces"]] == [0, None]
    # Its texture is found even though the case of the name differs.
    assert arrays["picture_0"].shape == (4, 6, 3)
    vertices = np.concatenate([arrays["vertices_0"], arrays["vertices_1"]])
    # The file has y up. The model gets the catalog's width, depth and height.
    np.testing.assert_allclose(vertices.min(0), [-1, -1.5, 0], atol=1e-5)
    np.testing.assert_allclose(vertices.max(0), [1, 1.5, 1], atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(arrays["normals_0"], axis=1), 1, atol=1e-3)
    # A box has sharp edges, so its sides share no vertex.
    assert len(arrays["vertices_0"]) == 16


def test_a_library_that_is_not_known(tmp_path):
    fake_assets.write_library(tmp_path / "Other.sh3f", {})
    with pytest.raises(ValueError, match="unknown library"):
        Library(tmp_path / "Other.sh3f")


def test_normals_keep_sharp_edges_and_smooth_shallow_ones():
    sharp = normals.crease_normals(CORNER)
    np.testing.assert_allclose(sharp[0], [[0, 0, 1]] * 3, atol=1e-9)
    shallow = CORNER.copy()
    shallow[1, 2] = [-1, 0, 0.3]
    shared = normals.crease_normals(shallow)[0, 0]
    assert 0 < shared[0] < 0.3 and shared[2] > 0.9


def test_flipped_normals_are_turned_and_broken_ones_replaced():
    given = np.tile([0.0, 0.0, -2.0], (1, 3, 1))
    np.testing.assert_allclose(normals.mended_normals(CORNER[:1], given)[0], [[0, 0, 1]] * 3)
    for broken in (None, 0 * given, given * np.nan):
        mended = normals.mended_normals(CORNER[:1], broken)
        np.testing.assert_allclose(mended[0], [[0, 0, 1]] * 3, atol=1e-9)


def test_box_projection_is_in_metres():
    uv = box_projection(2 * CORNER)
    np.testing.assert_allclose(uv[0], [[0, 0], [2, 0], [0, 2]])
    np.testing.assert_allclose(uv[1], [[0, 0], [2, 0], [0, 2]])
