"""Golden files of the rules of light, of faces and of red eyes, for `android_demo.make_golden`.

`android_demo.golden_format` defines the encoding of numbers, faces and images.

- ``rules_*.bin``: width, height, faces. Then the flash image in 8 bits and the network's output in
  steps of 1/256. Then the relit image.
- ``ruled_*.bin``: the whole correction by the rules, including red eyes. Like ``correct_*.bin``,
  with a list of faces after the three knobs.
- ``red_eyes_*.bin``: width, height, scale, faces. Then the photograph, the number of repaired eyes,
  and the repaired photograph.
- ``faces_*.bin``: width, height, and the number of outputs that are not blank. For each, its index,
  its score and its 16 numbers. Then the faces. Blank outputs have the score −20 and the numbers 0.
- ``face_frame_*.bin``: width, height, and the image in 8 bits. Then the detector's input, −1 to 1.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from android_demo.golden_format import as_16_bits, as_bytes, values
from android_demo.made_up import LEVELS, Known, MadeUpNetwork, draw_eye, flash_image, scene
from keras_f2a.correction.corrector import Corrector
from keras_f2a.correction.faces import Face, decode_faces, detector_input
from keras_f2a.correction.lights import relight
from keras_f2a.correction.pixels import ArrayPixels
from keras_f2a.correction.red_eyes import repair_red_eyes

SMALL_FACE = Face(17.5, 12.25, 4.5, 5.375)
SECOND_FACE = Face(30.125, 18.0, 5.0, 5.5, ((29, 17), (31, 17)))
CLOSE_FACE = Face(20.0, 14.5, 13.0, 14.625)
CLOSEST_FACE = Face(19.25, 15.125, 17.5, 20.0)
RULES = {
    "plain": (40, 30, ()),
    "portrait": (30, 40, ()),
    "panorama": (60, 9, ()),
    "one_row": (40, 1, ()),
    "one_pixel": (1, 1, ()),
    "small_face": (40, 30, (SMALL_FACE,)),
    "two_faces": (40, 30, (SMALL_FACE, SECOND_FACE)),
    "face_beyond_the_edge": (40, 30, (Face(-1.5, 29.0, 8.0, 9.0),)),
    "close_face": (40, 30, (CLOSE_FACE,)),
    "closest_face": (40, 30, (CLOSEST_FACE,)),
    "portrait_face": (30, 40, (SMALL_FACE,)),
    "burnt": (40, 30, ()),
    "burnt_with_face": (40, 30, (SMALL_FACE,)),
    "no_flash": (40, 30, ()),
    "little_flash": (40, 30, ()),
    "black": (40, 30, ()),
    "white": (40, 30, ()),
}
RED = (190, 40, 45)
BLANK_SCORE = -20
FACE_OUTPUTS, FACE_NUMBERS = 896, 16


@dataclass(frozen=True)
class RuledCase:
    """A photograph with two eyes to correct by the rules.

    Attributes:
        width: Columns of the photograph.
        height: Rows of the photograph.
        faces: In pixels of the small copy.
        strength: Strength of the correction.
        brightness: Brightness in stops.
        warmth: From −1 to 1.
    """

    width: int = 101
    height: int = 75
    faces: tuple[Face, ...] = (Face(12.0, 12.5, 10.0, 11.5, ((9.5, 10.25), (14.5, 10.25))),)
    strength: float = 1.0
    brightness: float = 0.0
    warmth: float = 0.0


RULED = {
    "no_face": RuledCase(faces=()),
    "face": RuledCase(),
    "portrait": RuledCase(75, 101),
    "half": RuledCase(strength=0.5),
    "half_more": RuledCase(strength=1.5),
    "half_more_portrait": RuledCase(75, 101, strength=1.5, warmth=-0.4),
    "twice_no_face": RuledCase(faces=(), strength=2.0),
    "original": RuledCase(strength=0.0),
    "brighter_and_warmer": RuledCase(brightness=0.7, warmth=0.5),
}
RED_EYES = {
    "both": (RED, RED, 8.0),
    "one": (RED, (25, 20, 20), 8.0),
    "small": (RED, (170, 60, 60), 1.8),
    "large": (RED, (240, 90, 100), 14.0),
    "brown": ((120, 72, 45), (90, 60, 40), 8.0),
}


def rules_golden_files() -> dict[str, bytes]:
    """Return the names of the files and their contents before compression."""
    files = {f"rules_{name}.bin": relit(name, *case) for name, case in RULES.items()}
    files |= {f"ruled_{name}.bin": ruled(case) for name, case in RULED.items()}
    files |= {f"red_eyes_{name}.bin": repaired(*case) for name, case in RED_EYES.items()}
    sizes = {"landscape": (40, 30), "portrait": (30, 40), "odd": (161, 50)}
    files |= {f"faces_{name}.bin": decoded(*size) for name, size in sizes.items()}
    return files | {f"face_frame_{name}.bin": face_frame(*size) for name, size in sizes.items()}


def relit(name: str, width: int, height: int, faces: Sequence[Face]) -> bytes:
    """Return a small flash image, the network's output, and the image relit from both."""
    flash = flash_image(width, height)
    if name.startswith("burnt"):
        flash[height // 5 : height // 2, width // 5 : -width // 5] = 255
    if name in ("black", "white"):
        flash[:] = 255 * (name == "white")
    network = MadeUpNetwork(height, width)
    image = values(flash)
    output = network.run(image)
    if name in ("no_flash", "little_flash"):
        share = 0.93 if name == "no_flash" else 0.82
        mixed = share * image + (1 - share) * output
        network.levels = np.rint(mixed * (LEVELS - 1)).astype(np.uint8)
        output = network.levels.astype(np.float32) / np.float32(LEVELS)
    content = struct.pack(">2i", width, height) + as_bytes(faces)
    return content + b"".join(
        [flash.tobytes(), network.levels.tobytes(), as_16_bits(relight(image, output, faces))]
    )


def ruled(case: RuledCase) -> bytes:
    """Return sizes, knobs, faces, photograph, the network's input and output, and the result."""
    photo = scene(case.width, case.height).copy()
    network = MadeUpNetwork(24, 32) if case.width > case.height else MadeUpNetwork(32, 24)
    scale = max(case.width, case.height) / 32
    for x, y in [eye for face in case.faces for eye in face.eyes]:
        draw_eye(photo, x * scale, y * scale, RED, 2)
    knobs = {"strength": case.strength, "brightness": case.brightness, "warmth": case.warmth}
    corrector = Corrector(network, rules="on", face_finder=Known(case.faces), **knobs)
    result = corrector.correct(photo)
    image = np.rint(network.image * 255).astype(np.uint8)
    header = struct.pack(">2i", case.width, case.height)
    header += struct.pack(">2i3f", *network.fixed_size[::-1], *knobs.values())
    arrays = (photo, image, network.levels, result)
    return header + as_bytes(case.faces) + b"".join(array.tobytes() for array in arrays)


def repaired(left: tuple[int, ...], right: tuple[int, ...], radius: float) -> bytes:
    """Return a photograph of two eyes, one near its right edge, before and after the repair."""
    width, height, scale = 110, 60, 2.5
    photo = scene(width, height).copy()
    draw_eye(photo, 30, 31, left, radius)
    draw_eye(photo, 88.5, 27.5, right, radius)
    eyes = ((12.25, 12.625), (35.625, 11.25), (-4.0, 20.0), (70.0, 70.0))
    faces = [Face(24.0, 15.0, 52.0, 60.0, eyes)]
    content = struct.pack(">2if", width, height, scale) + as_bytes(faces) + photo.tobytes()
    count = repair_red_eyes(ArrayPixels(photo), faces, scale)
    return content + struct.pack(">i", count) + photo.tobytes()


def decoded(width: int, height: int) -> bytes:
    """Return some of the detector's outputs, and the faces decoded from them."""
    points = np.zeros((FACE_OUTPUTS, FACE_NUMBERS), np.float32)
    scores = np.full(FACE_OUTPUTS, BLANK_SCORE, np.float32)
    random = np.random.default_rng(11)
    # Two boxes of one face, one with an equal score, a doubtful one, and two of the coarse grid.
    for index, score in ((174, 3.0), (175, 2.5), (300, 3.0), (301, 1.0), (530, 5.0), (895, 1.5)):
        points[index] = random.uniform(-10, 10, FACE_NUMBERS)
        points[index, 2:4] = random.uniform(18, 50, 2)
        scores[index] = score
    points[175] = points[174] + 1
    used = np.flatnonzero(scores > BLANK_SCORE)
    content = struct.pack(">3i", width, height, len(used))
    for index in used:
        content += struct.pack(">i17f", index, scores[index], *points[index])
    return content + as_bytes(decode_faces(points, scores, height=height, width=width))


def face_frame(width: int, height: int) -> bytes:
    """Return an image and the detector's input for it."""
    image = scene(width, height)
    seen = (detector_input(values(image)) + 1) / 2
    return struct.pack(">2i", width, height) + image.tobytes() + as_16_bits(seen)
