"""Golden files of placed light, for `android_demo.make_golden`.

All numbers are big-endian. A text is the number of its bytes, then UTF-8. Faces and images are
stored as `android_demo.rules_golden` has them: a flash image in 8 bits, what a port computes in 16
bits. Log gains, factors and tints are 32-bit floats, row by row; a tint has three for each pixel.

- ``light_texts.bin``: their number. For each the text, how far to the right its light comes from,
  and how many lights it stands for; for each of these its share, its color temperature (0 for the
  flash's own color), and the 13 numbers that a network is told.
- ``light_texts_refused.bin``: their number, then texts that stand for no light.
- ``light_dots.bin``: their number. For each dot its place across and down, and the text of its
  light. Then the number of named lights; for each its name and its dot's place across and down.
- ``mixed_*.bin``: width, height, the mixture's text, the flash image, the number of lights, and the
  log gain of each. Then the mixed log gain, and 1 and the tint, or 0 if there is none.
- ``lit_*.bin``: width, height, how far to the right the light comes from, faces, the flash image, a
  log gain and a tint. Then the image that the rules make of the gain, the factor of each pixel,
  that image tinted, and the image without rules (`shown`).
- ``placed_*.bin``: the whole correction. Width and height of the photograph and of the network's
  images, strength, brightness and warmth, the light's text, 1 if the rules hold or else 0, faces,
  the photograph, and the network's input in 8 bits. Then width and height of the network's answers,
  which may be larger than its images, their number, and the log gains of each. Then the result.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from android_demo.made_up import flash_image, scene
from android_demo.rules_golden import SECOND_FACE, SMALL_FACE, Known, as_16_bits, as_bytes, values
from keras_f2a.correction.corrector import Corrector
from keras_f2a.correction.faces import Face
from keras_f2a.correction.lights import relight_by_gain
from keras_f2a.correction.placed_light import TINT_SHARE, mixed, shown, tinted
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
    "one_row": (40, 1, 0.6, ()),
    "black": (40, 30, 0.75, ()),
    "white": (40, 30, 0.75, ()),
}
GAIN_STEPS = 256


@dataclass(frozen=True)
class PlacedCase:
    """A photograph to correct by placed light.

    Attributes:
        light: The text of its lights.
        width: Of the photograph.
        height: Of the photograph.
        frame_width: Of the network's images.
        frame_height: Of the network's images.
        more: Rows and columns that the network's answers have beyond its images.
        faces: In pixels of the small copy.
        rules: "on" or "off".
        strength: Of the correction.
        brightness: Stops.
        warmth: From −1 to 1.
    """

    light: str = "auto"
    width: int = 101
    height: int = 75
    frame_width: int = 32
    frame_height: int = 24
    more: int = 0
    faces: tuple[Face, ...] = (Face(12.0, 12.5, 10.0, 11.5),)
    rules: str = "on"
    strength: float = 1.0
    brightness: float = 0.0
    warmth: float = 0.0


PLACED = {
    "auto": PlacedCase(),
    "ceiling_without_face": PlacedCase("ceiling", faces=()),
    "window_left": PlacedCase("window-left"),
    "warm_lamp_right": PlacedCase("lamp-right@2700", faces=()),
    "dragged": PlacedCase("-40,25,0.2", faces=()),
    "mixture": PlacedCase("window-left*0.7+lamp-right*0.3@2700"),
    "without_rules": PlacedCase("lamp-left", rules="off", faces=()),
    "warm_without_rules": PlacedCase("room@3000", rules="off", faces=()),
    "portrait_in_landscape_frame": PlacedCase("window-right", 75, 101, faces=()),
    "portrait_frame": PlacedCase("window-right", 75, 101, 24, 32),
    "larger_answers": PlacedCase("lamp-left", more=3, faces=()),
    "half": PlacedCase("lamp-left", strength=0.5, faces=()),
    "original": PlacedCase("lamp-left", strength=0.0, faces=()),
    "brighter_and_warmer": PlacedCase("room", brightness=0.7, warmth=0.5),
}


def lights_golden_files() -> dict[str, bytes]:
    """Returns the name of each file and what it holds, before compression."""
    files = {
        "light_texts.bin": texts(),
        "light_texts_refused.bin": struct.pack(">i", len(REFUSED)) + _all_of(REFUSED),
        "light_dots.bin": dots(),
    }
    files |= {f"mixed_{name}.bin": mixture(*case) for name, case in MIXED.items()}
    files |= {f"lit_{name}.bin": lit(name, *case) for name, case in LIT.items()}
    return files | {f"placed_{name}.bin": placed(case) for name, case in PLACED.items()}


def texts() -> bytes:
    """Texts, and the lights that they stand for."""
    content = struct.pack(">i", len(TEXTS))
    for text in TEXTS:
        found = light_mixture(text)
        content += _text(text) + struct.pack(">fi", found.rightward, len(found.lights))
        for light, numbers in zip(found.lights, found.numbers, strict=True):
            content += struct.pack(">2f", light.share, light.temperature or 0) + _floats(numbers)
    return content


def dots() -> bytes:
    """Dots and their lights, and the dots of the named lights."""
    content = struct.pack(">i", len(DOTS))
    for dot in DOTS:
        across, down = np.float32(dot)
        content += struct.pack(">2f", across, down) + _text(light_at(float(across), float(down)))
    content += struct.pack(">i", len(NAMED))
    for name, light in NAMED.items():
        content += _text(name) + struct.pack(">2f", *dot_of(light))
    return content


def mixture(width: int, height: int, text: str) -> bytes:
    """A small flash image, lights with their gains, and the gain and color of their mixture."""
    flash, lights = flash_image(width, height), light_mixture(text)
    gains = np.stack([_gain(width, height, numbers) for numbers in lights.numbers])
    found = mixed(values(flash), gains.astype(np.float64), lights)
    content = struct.pack(">2i", width, height) + _text(text) + flash.tobytes()
    content += struct.pack(">i", len(gains)) + _floats(gains) + _floats(found.log_gain)
    if found.tint is None:
        return content + struct.pack(">i", 0)
    return content + struct.pack(">i", 1) + _floats(found.tint)


def lit(name: str, width: int, height: int, rightward: float, faces: Sequence[Face]) -> bytes:
    """A small flash image, a gain and a color, and the image by the rules and without them."""
    flash = flash_image(width, height)
    if name in ("black", "white"):
        flash[:] = 255 * (name == "white")
    image, gain = values(flash), _gain(width, height, [-rightward, 0.5])
    share = np.linspace(0, 1, width)[:, np.newaxis]
    color = np.broadcast_to(share * tint(2700, TINT_SHARE) + 1 - share, (height, width, 3))
    color = color.astype(np.float32)
    relit = relight_by_gain(image, gain.astype(np.float64), faces, rightward=rightward)
    content = struct.pack(">2if", width, height, rightward) + as_bytes(faces) + flash.tobytes()
    content += _floats(gain) + _floats(color) + as_16_bits(relit.image) + _floats(relit.factor)
    content += as_16_bits(tinted(relit.image, relit.factor, color.astype(np.float64)))
    return content + as_16_bits(shown(image, gain.astype(np.float64)))


def placed(case: PlacedCase) -> bytes:
    """Sizes, knobs, light, photograph, the network's input and answers, and the result."""
    photo = scene(case.width, case.height)
    network = MadeUpLights((case.frame_height, case.frame_width), case.more)
    knobs = {"strength": case.strength, "brightness": case.brightness, "warmth": case.warmth}
    corrector = Corrector(
        network, rules=case.rules, light=case.light, face_finder=Known(case.faces), **knobs
    )
    result = corrector.correct(photo)
    sizes = (case.width, case.height, case.frame_width, case.frame_height)
    content = struct.pack(">4i3f", *sizes, *knobs.values()) + _text(case.light)
    content += struct.pack(">i", case.rules == "on") + as_bytes(case.faces) + photo.tobytes()
    content += np.rint(network.image * 255).astype(np.uint8).tobytes()
    height, width = network.gains[0].shape
    content += struct.pack(">3i", width, height, len(network.gains))
    return content + _floats(np.stack(network.gains)) + result.tobytes()


@dataclass
class MadeUpLights:
    """A `LightEngine` that is made up, and remembers its image and its answers.

    Attributes:
        fixed_size: Height and width of its images.
        more: Rows and columns that its answers have beyond the image.
        image: What it read.
        gains: What it answered.
    """

    fixed_size: tuple[int, int] | None
    more: int = 0
    image: np.ndarray = field(default_factory=lambda: np.empty(0))
    gains: list[np.ndarray] = field(default_factory=list)

    def encode(self, image: np.ndarray) -> list[np.ndarray]:
        """See `keras_f2a.correction.engine.LightEngine.encode`."""
        self.image = image
        return [image[np.newaxis]]

    def log_gain(self, features: Sequence[np.ndarray], light: np.ndarray) -> np.ndarray:
        """See `keras_f2a.correction.engine.LightEngine.log_gain`."""
        _, height, width, _ = features[0].shape
        self.gains.append(_gain(width + self.more, height + self.more, light))
        return self.gains[-1]


def _gain(width: int, height: int, light: Sequence[float] | np.ndarray) -> np.ndarray:
    """A log gain, float32, that grows toward a light, with some texture; in steps of 1/256."""
    down, across = np.ogrid[1 : -1 : height * 1j, -1 : 1 : width * 1j]
    waves = 0.2 * np.sin(9 * across + 4) * np.cos(7 * down)
    gain = 0.8 * float(light[0]) * across + 0.5 * float(light[1]) * down + waves
    return (np.rint(gain * GAIN_STEPS) / GAIN_STEPS).astype(np.float32)


def _floats(numbers: np.ndarray) -> bytes:
    return numbers.astype(">f4").tobytes()


def _text(text: str) -> bytes:
    content = text.encode()
    return struct.pack(">i", len(content)) + content


def _all_of(all_texts: Sequence[str]) -> bytes:
    return b"".join(map(_text, all_texts))
