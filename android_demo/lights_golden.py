"""Golden files of placed light, for `android_demo.make_golden`.

`android_demo.golden_format` defines the encoding of texts, faces, images and gains. Flash images
have 8 bits. `android_demo.placed_golden` adds the files of whole corrections.

- ``light_texts.bin``: the number of texts. For each, the text, 1 if it is `auto` alone or else 0,
  how far to the right its light comes from, and its number of lights. For each of these, its share,
  its color temperature (0 for the flash's own color), and the 13 input numbers of a network.
- ``light_texts_refused.bin``: the number of texts, then texts that are not valid lights.
- ``light_dots.bin``: the number of dots. For each, its position across and down, and the text of
  its light. Then the number of named lights. For each, its name and its dot's position across and
  down.
- ``mixed_*.bin``: width, height, the mixture's text, the flash image, the number of lights, and the
  log gain of each. Then the mixed log gain, and 1 and the tint, or 0 if there is none.
- ``lit_*.bin``: width, height, how far to the right the light comes from, its amount, the flash's
  share of the photograph's light, faces, the flash image, a log gain and a tint. Then the relit
  image by the rules, the factor of each pixel, the tinted image, and the image without rules
  (`apply_log_gain`).
"""

import struct
from collections.abc import Sequence

import numpy as np

from android_demo.golden_format import as_16_bits, as_bytes, as_floats, as_text, values
from android_demo.made_up import flash_image, log_gain_of
from android_demo.rules_golden import SECOND_FACE, SMALL_FACE
from keras_f2a.correction.faces import Face
from keras_f2a.correction.lights import relight_by_gain
from keras_f2a.correction.placed_light import TINT_SHARE, apply_log_gain, apply_tint, mix_lights
from keras_f2a.data.described_lights import NAMED
from keras_f2a.data.dragged_light import dot_of, light_at
from keras_f2a.data.light_mixtures import light_mixture
from keras_f2a.data.light_names import NAMES
from keras_f2a.support.color_temperature import tint

TEXTS = (
    *NAMES,
    "-60,20,0.5",
    "0,0,0.02",
    "180,-90,1.5",
    "-180,90,0.25",
    "-135,39,0.7",
    "45,40,0.3",
    "20,41,0.24",
    "120,-5,0.71",
    "1e1, .5 ,0.1",
    "auto@3000",
    "auto*2",
    " auto * 0.5 @ 2700 ",
    "auto+auto",
    "auto*0.5+room",
    "window-left*0.7+lamp-right*0.3@2700",
    " lamp-left @ 2000 ",
    "ceiling*10 + room*0.01@12000",
    "lamp-left*2@2222+lamp-right@2223+room@4000+ceiling@4001",
    "auto*0.5 -20,10,0.1@5500",
    "+".join(["lamp-left"] * 8),
    "+20,+10,+3e-1",
    "room++20,10,0.3",
    "room*1e+1+lamp-left*+0.5  ceiling",
)
REFUSED = (
    "",
    "sun",
    "Room",
    "1,2",
    "1,2,3,4",
    "a,2,0.5",
    "181,0,0.5",
    "0,91,0.5",
    "0,0,0.01",
    "nan,0,0.5",
    "room*0",
    "room*11",
    "room*",
    "room@1999",
    "room@12001",
    "room@warm",
    "room*1*2",
    "room@3000*2",
    "room++room",
    "+".join(["lamp-left"] * 9),
    "room" + " " * 400,
)
DOTS = (0.5, 0.5), (0.0, 0.0), (1.0, 1.0), (0.25, 0.875), (0.625, 0.0625), (-0.5, 2.0), (0.7, 0.3)
MIXED = {
    "one": (40, 30, "lamp-left"),
    "auto": (40, 30, "auto"),
    "weights": (30, 40, "window-left*0.7+lamp-right*0.3"),
    "warm": (40, 30, "lamp-left@2700"),
    "warm_and_plain": (40, 30, "window-left*0.7+lamp-right*0.3@2700+ceiling*2@9000"),
    "one_pixel": (1, 1, "room@3000"),
}
LIT = {
    "evenly": (40, 30, 0.0, ()),
    "left": (40, 30, -0.85, ()),
    "right": (30, 40, 0.75, ()),
    "little_aside": (40, 30, 0.3125, ()),
    "aside_with_face": (40, 30, -0.5, (SMALL_FACE,)),
    "left_with_faces": (40, 30, -1.0, (SMALL_FACE, SECOND_FACE)),
    "evenly_twice": (40, 30, 0.0, (), 2.0),
    "evenly_half_more_with_faces": (40, 30, 0.0, (SMALL_FACE, SECOND_FACE), 1.5),
    "left_twice": (40, 30, -0.85, (), 2.0),
    "aside_half_more_with_face": (30, 40, 0.5, (SMALL_FACE,), 1.5),
    "without_flash": (40, 30, 0.0, (), 1.0, 0.0),
    "little_flash": (40, 30, 0.0, (), 1.0, 0.25),
    "little_flash_half_more_with_faces": (30, 40, 0.0, (SMALL_FACE, SECOND_FACE), 1.5, 0.375),
    "one_row": (40, 1, 0.6, ()),
    "black": (40, 30, 0.75, ()),
    "white": (40, 30, 0.75, ()),
}


def lights_golden_files() -> dict[str, bytes]:
    """Return the names of the files and their contents before compression."""
    files = {
        "light_texts.bin": texts(),
        "light_texts_refused.bin": struct.pack(">i", len(REFUSED)) + _all_of(REFUSED),
        "light_dots.bin": dots(),
    }
    files |= {f"mixed_{name}.bin": mixture(*case) for name, case in MIXED.items()}
    return files | {f"lit_{name}.bin": lit(name, *case) for name, case in LIT.items()}


def texts() -> bytes:
    """Return texts and the lights that they describe."""
    content = struct.pack(">i", len(TEXTS))
    for text in TEXTS:
        found = light_mixture(text)
        content += as_text(text) + struct.pack(">i", found.is_auto)
        content += struct.pack(">fi", found.rightward, len(found.lights))
        for light, numbers in zip(found.lights, found.numbers, strict=True):
            content += struct.pack(">2f", light.share, light.temperature or 0) + as_floats(numbers)
    return content


def dots() -> bytes:
    """Return dots and their lights, and the dots of the named lights."""
    content = struct.pack(">i", len(DOTS))
    for dot in DOTS:
        across, down = np.float32(dot)
        content += struct.pack(">2f", across, down) + as_text(light_at(float(across), float(down)))
    content += struct.pack(">i", len(NAMED))
    for name, light in NAMED.items():
        content += as_text(name) + struct.pack(">2f", *dot_of(light))
    return content


def mixture(width: int, height: int, text: str) -> bytes:
    """Return a small flash image, lights with their gains, and gain and tint of their mixture."""
    flash, lights = flash_image(width, height), light_mixture(text)
    gains = np.stack([log_gain_of(width, height, numbers) for numbers in lights.numbers])
    found = mix_lights(values(flash), gains.astype(np.float64), lights)
    content = struct.pack(">2i", width, height) + as_text(text) + flash.tobytes()
    content += struct.pack(">i", len(gains)) + as_floats(gains) + as_floats(found.log_gain)
    if found.tint is None:
        return content + struct.pack(">i", 0)
    return content + struct.pack(">i", 1) + as_floats(found.tint)


def lit(
    name: str,
    width: int,
    height: int,
    rightward: float,
    faces: Sequence[Face],
    amount: float = 1.0,
    flash_share: float = 1.0,
) -> bytes:
    """Return a small flash image, a gain and a tint, and the image with and without the rules."""
    flash = flash_image(width, height)
    if name in ("black", "white"):
        flash[:] = 255 * (name == "white")
    image, gain = values(flash), log_gain_of(width, height, [-rightward, 0.5])
    exact = gain.astype(np.float64)
    share = np.linspace(0, 1, width)[:, np.newaxis]
    color = np.broadcast_to(share * tint(2700, TINT_SHARE) + 1 - share, (height, width, 3))
    color = color.astype(np.float32)
    relit = relight_by_gain(
        image, exact, faces, rightward=rightward, amount=amount, flash_share=flash_share
    )
    content = struct.pack(">2i3f", width, height, rightward, amount, flash_share) + as_bytes(faces)
    content += flash.tobytes() + as_floats(gain) + as_floats(color)
    content += as_16_bits(relit.image) + as_floats(relit.factor)
    content += as_16_bits(apply_tint(relit.image, relit.factor, color.astype(np.float64)))
    return content + as_16_bits(apply_log_gain(image, amount * exact))


def _all_of(all_texts: Sequence[str]) -> bytes:
    return b"".join(map(as_text, all_texts))
