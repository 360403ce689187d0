"""Things that show real pictures: wall frames, packages, cans, posters and magazines."""

import numpy as np
from PIL import Image

from tools.scenes.shapes import meshes
from tools.scenes.surfaces import colors, materials, prints
from tools.scenes.surfaces.imported import linear
from tools.scenes.surfaces.noise import SIZE
from tools.scenes.surfaces.panoramas import exposed, seen_from_inside
from tools.scenes.things.furniture import carcass_material
from tools.scenes.things.models import Assets, picture_reflectance
from tools.scenes.things.parts import Thing, placed


def pasted(ground: np.ndarray, drawing: np.ndarray, box: tuple[float, ...]) -> np.ndarray:
    """Paste a drawing into a box of a print, as large as it fits.

    Args:
        ground: The print, linear, shape (SIZE, SIZE, 3), first row at the bottom.
        drawing: Display-encoded RGBA in [0, 1], first row at the top.
        box: Left, bottom, right and top in fractions of the print.
    """
    left, bottom, right, top = (int(edge * SIZE) for edge in box)
    scale = min((right - left) / drawing.shape[1], (top - bottom) / drawing.shape[0])
    size = [max(1, int(scale * side)) for side in drawing.shape[1::-1]]
    small = Image.fromarray((255 * drawing).astype(np.uint8)).resize(size, Image.Resampling.LANCZOS)
    pixels = np.asarray(small)[::-1] / 255.0
    x, y = left + (right - left - size[0]) // 2, bottom + (top - bottom - size[1]) // 2
    result = ground.copy()
    under = result[y : y + size[1], x : x + size[0]]
    under += pixels[..., 3:] * (linear(pixels[..., :3]) - under)
    return np.clip(result, 0.01, 0.87).astype(np.float32)


def decorated(rng: np.random.Generator, assets: Assets, ground: np.ndarray) -> np.ndarray:
    """Paste one to three drawings onto a print."""
    for _ in range(int(rng.integers(1, 4))):
        drawing = assets.picture(assets.drawings[rng.integers(len(assets.drawings))])
        side = rng.uniform(0.25, 0.7)
        left, bottom = rng.uniform(0.03, 0.97 - side, 2)
        ground = pasted(ground, drawing, (left, bottom, left + side, bottom + side))
    return ground


def _photograph(rng: np.random.Generator, assets: Assets) -> np.ndarray:
    """Return a random crop of a photograph, as reflectance."""
    picture = assets.picture(assets.photographs[rng.integers(len(assets.photographs))])
    share = rng.uniform(0.4, 1.0)
    height, width = (max(8, int(share * side)) for side in picture.shape[:2])
    y = rng.integers(picture.shape[0] - height + 1)
    x = rng.integers(picture.shape[1] - width + 1)
    return picture_reflectance(picture[y : y + height, x : x + width])


def _view(rng: np.random.Generator, assets: Assets) -> np.ndarray:
    """Return a view of a landscape or room from a panorama, as reflectance."""
    panorama = assets.panorama(rng, assets.outdoors + assets.indoors)
    size = (256, int(256 * rng.choice([0.67, 0.75, 1.0, 1.33])))
    yaw, pitch, across = rng.uniform(0, 360), rng.uniform(-15, 12), rng.uniform(45, 80)
    seen = exposed(seen_from_inside(panorama, yaw, pitch, across, size))
    return np.clip(seen[::-1], 0.02, 0.85).astype(np.float32)


def wall_image(rng: np.random.Generator, assets: Assets) -> np.ndarray:
    """Return a wall picture's reflectance: a photograph, view, drawing or procedural print."""
    kind = rng.uniform()
    if kind < 0.35:
        return _photograph(rng, assets)
    if kind < 0.6:
        return _view(rng, assets)
    if kind < 0.8:
        ground = colors.white(rng) if rng.uniform() < 0.6 else colors.any_surface(rng)
        return decorated(rng, assets, np.ones((SIZE, SIZE, 3)) * ground)
    drawn = (prints.landscape, prints.abstract, prints.snapshot, prints.poster)
    return drawn[rng.integers(len(drawn))](rng)


def framed(rng: np.random.Generator, assets: Assets, longest: float) -> Thing:
    """Make a framed picture, with its back in the plane y = 0 and its lower edge at z = 0.

    Args:
        rng: Source of randomness.
        assets: Source of pictures.
        longest: Longest side of the picture in meters.
    """
    image = wall_image(rng, assets)
    scale = longest / max(image.shape[:2])
    height, width = image.shape[0] * scale, image.shape[1] * scale
    edge, mat = rng.uniform(0.008, 0.035), rng.choice([0.0, 0.0, 0.03, 0.06])
    # A glossy picture looks as if behind glass.
    face = materials.glossy(rng, image) if rng.uniform() < 0.6 else materials.matte(image)
    thing: Thing = [(meshes.panel(width, height).moved(y=-0.012, z=edge + mat), face)]
    outer = (width + 2 * mat, height + 2 * mat)
    if mat:
        card = materials.matte(colors.white(rng))
        thing.append((meshes.panel(*outer).moved(y=-0.011, z=edge), card))
    rim = materials.metal(rng) if rng.uniform() < 0.25 else carcass_material(rng)
    for z in (0.0, outer[1] + edge):
        thing.append((meshes.box(outer[0] + 2 * edge, 0.02, edge).moved(y=-0.012, z=z), rim))
    for side in (-1, 1):
        upright = meshes.box(edge, 0.02, outer[1])
        thing.append((upright.moved(side * (outer[0] + edge) / 2, -0.012, edge), rim))
    return thing


def poster(rng: np.random.Generator, assets: Assets) -> Thing:
    """Make a poster or calendar for a wall, without a frame."""
    width = rng.uniform(0.2, 0.6)
    image = decorated(rng, assets, prints.poster(rng) if rng.uniform() < 0.5 else prints.page(rng))
    sheet = meshes.panel(width, width * rng.uniform(1.0, 1.5)).moved(y=-0.003)
    return [(sheet, materials.satin(rng, image) if rng.uniform() < 0.5 else materials.matte(image))]


def standing_frame(rng: np.random.Generator, assets: Assets) -> Thing:
    """Make a small framed picture that leans back on its stand."""
    frame = framed(rng, assets, rng.uniform(0.1, 0.24))
    return [(mesh.turned(-12, "x"), material) for mesh, material in frame]


def package(rng: np.random.Generator, assets: Assets) -> Thing:
    """Make a printed box, upright or lying: cereal, tea, a game, medicine."""
    width, depth, height = rng.uniform(0.06, 0.26), rng.uniform(0.03, 0.1), rng.uniform(0.06, 0.32)
    image = decorated(rng, assets, prints.label(rng))
    finish = materials.glossy(rng, image) if rng.uniform() < 0.6 else materials.satin(rng, image)
    lying = rng.uniform() < 0.3
    sides = (width, height, depth) if lying else (width, depth, height)
    return [(meshes.box(*sides), finish)]


def magazine(rng: np.random.Generator, assets: Assets) -> Thing:
    """Make a pile of one to six magazines or sheets, lying askew."""
    thing: Thing = []
    height = 0.0
    for _ in range(int(rng.integers(1, 7))):
        ground = prints.poster(rng) if rng.uniform() < 0.5 else prints.page(rng)
        image = decorated(rng, assets, ground) if rng.uniform() < 0.7 else ground
        thick = rng.uniform(0.001, 0.012)
        cover = materials.glossy(rng, image) if rng.uniform() < 0.5 else materials.matte(image)
        x, y = rng.normal(0, 0.008, 2)
        sheet = meshes.box(0.21, 0.28, thick).moved(x, y, height)
        thing += placed([(sheet, cover)], degrees=rng.normal(0, 8))
        height += thick
    return thing


def tin(rng: np.random.Generator, assets: Assets) -> Thing:
    """Make a can, jar or tub with a printed sleeve."""
    radius, height = rng.uniform(0.03, 0.06), rng.uniform(0.06, 0.18)
    image = decorated(rng, assets, prints.label(rng))
    sleeve = meshes.lathe([radius, radius], [0.004, height - 0.004]).repeated(1.5, 1)
    body = meshes.cylinder(0.985 * radius, height)
    lid = materials.metal(rng) if rng.uniform() < 0.6 else materials.glossy(rng, colors.vivid(rng))
    return placed(
        [(sleeve, materials.glossy(rng, image)), (body, lid)], degrees=rng.uniform(0, 360)
    )


PRINTED = (package, package, tin, magazine, standing_frame)
"""Things that stand or lie around."""
