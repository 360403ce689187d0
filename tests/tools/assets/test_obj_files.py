import numpy as np
import pytest

from tests.tools.fake_assets import BOX, MATERIALS
from tools.assets.obj_files import read_mtl, read_obj


def test_a_part_for_each_material_polygons_cut_into_triangles():
    wood, plain = read_obj(BOX, {"box.mtl": MATERIALS}.get)
    assert wood.surface.name == "wood" and wood.surface.picture == "wood.png"
    np.testing.assert_allclose(wood.surface.diffuse, [0.5, 0.3, 0.2])
    assert wood.positions.shape == (8, 3, 3) and wood.uv.shape == (8, 3, 2)
    assert plain.positions.shape == (4, 3, 3) and plain.uv is None and plain.normals is None
    np.testing.assert_allclose(wood.positions[0, 0], [0, 0, 1])
    np.testing.assert_allclose(wood.uv[0], [[0, 0], [1, 0], [1, 1]])


def test_indices_count_from_the_end_too():
    (part,) = read_obj("v 0 0 0\nv 1 0 0\nv 0 1 0\nvn 0 0 1\nf -3//-1 -2//-1 -1//-1", {}.get)
    np.testing.assert_allclose(part.positions[0], [[0, 0, 0], [1, 0, 0], [0, 1, 0]])
    np.testing.assert_allclose(part.normals[0], [[0, 0, 1]] * 3)
    assert part.surface.name == ""


def test_missing_material_files_and_odd_lines_are_no_harm():
    text = "mtllib gone.mtl\nusemtl x\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n# end"
    assert read_obj(text, {}.get)[0].surface.name == "x"
    surface = read_mtl("Kd 1 1 1\nnewmtl a\nKd 0.1 x 0.2\nNs 12.5\nd 0.5 0.5\nKs 0 0.3 0.6")["a"]
    np.testing.assert_allclose(surface.diffuse, 0.6)
    assert surface.shininess == 12.5 and surface.opacity == 1.0
    assert surface.specular == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("text", "message"),
    [("v 0 0 0", "no faces"), ("v 0 0 0\nf 1 2 3", "a vertex that does not exist")],
)
def test_broken_files(text, message):
    with pytest.raises(ValueError, match=message):
        read_obj(text, {}.get)
