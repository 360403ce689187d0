import numpy as np
import pytest

from tests.tools.fake_assets import write_wardrobe
from tools.assets.wardrobe import convert_wardrobe, read_mhclo
from tools.scenes.things.bodies import BodyModel, Figure, Wearer, age_value, load_garment, rotation

ORIGIN = {"african": 0.0, "asian": 1.0, "caucasian": 0.0}


@pytest.fixture(scope="module")
def model(cache):
    return BodyModel(cache / "people" / "body.npz")


def figure(**changes):
    values = {"years": 25, "male": 0, "muscle": 0.5, "weight": 0.5, "height": 0.5}
    return Figure(**{**values, "origin": ORIGIN, **changes})


def test_axes_and_metres(model):
    positions = model.data["positions"]
    # 2 dm to each side, the eyes in front, the head at the top.
    np.testing.assert_allclose(positions[:8, 0], [-0.2] * 4 + [0.2] * 4, atol=1e-6)
    assert positions[model.data["vertices_helper-l-eye"]].mean(0)[1] < -0.05
    assert positions[:8, 2].max() == pytest.approx(0.5)


def test_targets_move_vertices_by_age_sex_origin_and_name(model):
    base = model.data["positions"].astype(float)
    woman = model.shaped(figure())
    np.testing.assert_allclose(woman[0] - base[0], [0.1, 0, 0], atol=1e-4)
    np.testing.assert_allclose(model.shaped(figure(male=1))[0], base[0], atol=1e-6)
    halfway = model.shaped(figure(years=57.5))
    np.testing.assert_allclose(halfway[0] - base[0], [0.05, 0, 0], atol=1e-3)
    nose = model.shaped(figure(face={"nose/nose-3": 0.5}))
    np.testing.assert_allclose(nose[3] - woman[3], [0, -0.01, 0.005], atol=1e-4)


def test_age_goes_through_its_named_places():
    assert [age_value(years) for years in (1, 12, 25, 90)] == [0, 0.1875, 0.5, 1]
    assert 0.5 < age_value(50) < 1


def test_a_turned_bone_carries_its_vertices_and_nothing_else(model):
    body = model.shaped(figure())
    pose = model.posed(body, {"head": rotation(90, "z")})
    moved = Wearer(body, pose).moved
    names = model.data["bone_names"].tolist()
    head = model.data["skin_bones"][:, 0] == names.index("head")
    joint = body[model.data["bone_joints"][names.index("head")].astype(int)].mean(0)
    expected = (body[head] - joint) @ rotation(90, "z").T + joint
    np.testing.assert_allclose(moved[head], expected, atol=1e-6)
    np.testing.assert_allclose(moved[~head], body[~head], atol=1e-6)


def test_a_garment_hangs_on_three_vertices_and_grows_with_the_body(cache, model):
    garment = load_garment(cache / "people" / "clothes" / "shoes01.npz")
    body = model.data["positions"].astype(float)
    points = garment.hung(body)
    np.testing.assert_allclose(points[1], body[3], atol=1e-6)
    mean = body[[0, 1, 2]].T @ [0.5, 0.25, 0.25]
    # The offset is (0, 0.1, 0.2) dm. Along x, it scales by the body's 4 dm over the garment's 2 dm.
    np.testing.assert_allclose(points[0] - mean, [0, -0.02, 0.01], atol=1e-6)
    still = Wearer(body, model.posed(body, {}))
    np.testing.assert_allclose(garment.worn(still), points, atol=1e-5)
    assert garment.hidden.tolist() == [0, 1, 2, 5]


def test_binding_files(tmp_path):
    binding = read_mhclo("# x\nz_scale 1 2 3.5\nverts 0\ntag late\n4\ndelete_verts\n1 3 - 5\n")
    assert binding.scales == {"z": (1, 2, 3.5)}
    assert binding.vertices == [[4, 4, 4]] and binding.weights == [[1.0, 0.0, 0.0]]
    assert binding.hidden == [1, 3, 4, 5]
    write_wardrobe(tmp_path / "base")
    (tmp_path / "base" / "hair").rename(tmp_path / "base" / "wigs")
    with pytest.raises(FileNotFoundError, match="hair: contains no .mhclo file"):
        convert_wardrobe(tmp_path / "base", tmp_path / "out")
