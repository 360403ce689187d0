"""Golden files of whole corrections by placed light, for `android_demo.make_golden`.

`android_demo.golden_format` defines the encoding of texts, faces and gains. What a photograph's
file says about the flash is 1 if it fired, 0 if it did not, and -1 if the file does not say.

- ``flash_shares.bin``: the number of cases. For each, the share that a network saw, what the file
  says, and the resulting share for `auto`, as a 64-bit float.

- ``placed_*.bin``: the whole correction. Width and height of the photograph and of the network's
  images, strength, brightness and warmth, the light's text, 1 if the rules apply or else 0, faces,
  the photograph, and the network's input in 8 bits. Then the network's estimate of the flash's
  share, and what the file says. Then width and height of the network's answers, which may be larger
  than its images, the number of answers, and the log gain of each. Then the result, and 1 if the
  photograph stayed almost unchanged, or else 0.
"""

import struct
from dataclasses import dataclass

import numpy as np
from PIL import Image

from android_demo.golden_format import as_bytes, as_floats, as_text
from android_demo.made_up import Known, MadeUpLights, scene
from keras_f2a.correction.corrector import Corrector
from keras_f2a.correction.faces import Face
from keras_f2a.correction.flash_share import flash_share

SHARES = 0.0, 0.03125, 0.12, 0.25, 0.3, 0.5, 0.6, 0.85, 0.999, 1.0


@dataclass(frozen=True)
class PlacedCase:
    """A photograph to correct by placed light.

    Attributes:
        light: The text of its lights.
        width: Columns of the photograph.
        height: Rows of the photograph.
        frame_width: Columns of the network's images.
        frame_height: Rows of the network's images.
        more: Extra rows and columns of the network's answers.
        flash_share: The network's estimate of the flash's share of the light.
        flash_fired: What the photograph's file says; `None` if it does not say.
        faces: In pixels of the small copy.
        rules: "on" or "off".
        strength: Strength of the correction.
        brightness: Brightness in stops.
        warmth: From −1 to 1.
    """

    light: str = "auto"
    width: int = 101
    height: int = 75
    frame_width: int = 32
    frame_height: int = 24
    more: int = 0
    flash_share: float = 1.0
    flash_fired: bool | None = None
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
    "half_more": PlacedCase("window-left", strength=1.5),
    "half_more_warm": PlacedCase("lamp-right@2700", strength=1.5, brightness=-0.4),
    "half_more_without_rules": PlacedCase("room@3000", rules="off", strength=1.5, faces=()),
    "twice": PlacedCase("lamp-left", strength=2.0, faces=()),
    "twice_auto": PlacedCase(strength=2.0),
    "original": PlacedCase("lamp-left", strength=0.0, faces=()),
    "auto_without_flash": PlacedCase(flash_share=0.0),
    "auto_with_little_flash": PlacedCase(flash_share=0.25),
    "half_more_auto_with_little_flash": PlacedCase("auto*2@2700", flash_share=0.25, strength=1.5),
    "auto_and_room_without_flash": PlacedCase("auto*0.5+room", flash_share=0.0, faces=()),
    "window_left_without_flash": PlacedCase("window-left", flash_share=0.0),
    "room_with_little_flash": PlacedCase("room", flash_share=0.25, faces=()),
    "auto_with_little_flash_that_fired": PlacedCase(flash_share=0.25, flash_fired=True),
    "auto_with_a_flash_that_did_not_fire": PlacedCase(flash_share=0.6, flash_fired=False),
    "auto_with_much_flash_that_did_not_fire": PlacedCase(flash_share=0.85, flash_fired=False),
    "room_with_a_flash_that_did_not_fire": PlacedCase("room", flash_share=0.6, flash_fired=False),
    "auto_without_rules_or_flash": PlacedCase(rules="off", flash_share=0.0, faces=()),
    "brighter_and_warmer": PlacedCase("room", brightness=0.7, warmth=0.5),
}


def placed_golden_files() -> dict[str, bytes]:
    """Return the names of the files and their contents before compression."""
    files = {f"placed_{name}.bin": placed(case) for name, case in PLACED.items()}
    return files | {"flash_shares.bin": shares()}


def shares() -> bytes:
    """Return shares that a network saw, and the resulting shares."""
    seen = np.float32(SHARES).tolist()
    cases = [(share, fired) for share in seen for fired in (None, False, True)]
    content = struct.pack(">i", len(cases))
    for share, fired in cases:
        content += struct.pack(">fid", share, _as_number(fired), flash_share(share, fired))
    return content


def placed(case: PlacedCase) -> bytes:
    """Return sizes, knobs, light, photograph, the network's input and answers, and the result."""
    photo = scene(case.width, case.height)
    network = MadeUpLights((case.frame_height, case.frame_width), case.more, case.flash_share)
    knobs = {"strength": case.strength, "brightness": case.brightness, "warmth": case.warmth}
    corrector = Corrector(
        network, rules=case.rules, light=case.light, face_finder=Known(case.faces), **knobs
    )
    image = Image.fromarray(photo)
    is_left = corrector.correct_image(image, flash_fired=case.flash_fired)
    sizes = (case.width, case.height, case.frame_width, case.frame_height)
    content = struct.pack(">4i3f", *sizes, *knobs.values()) + as_text(case.light)
    content += struct.pack(">i", case.rules == "on") + as_bytes(case.faces) + photo.tobytes()
    content += np.rint(network.image * 255).astype(np.uint8).tobytes()
    height, width = network.gains[0].shape
    content += struct.pack(">fi", case.flash_share, _as_number(case.flash_fired))
    content += struct.pack(">3i", width, height, len(network.gains))
    content += as_floats(np.stack(network.gains)) + image.tobytes()
    return content + struct.pack(">i", is_left)


def _as_number(fired: bool | None) -> int:
    return -1 if fired is None else int(fired)
