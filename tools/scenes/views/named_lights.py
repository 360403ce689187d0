"""The named lights of a view, and the description of each that a network receives."""

from dataclasses import dataclass, replace

import numpy as np

from tools.scenes.camera import View
from tools.scenes.lighting import Panel
from tools.scenes.rendering.flat_scene import NO_LIGHT, is_lamp
from tools.scenes.scene import Scene
from tools.scenes.things.parts import bounds


@dataclass(frozen=True)
class NamedLight:
    """One light of a room.

    Attributes:
        kind: One of `keras_f2a.data.light_numbers.KINDS`.
        panels: Panels that shine; empty for lampshades, which are parts of the scene.
        described: The same panels, or stand-ins for the lampshades.
    """

    kind: str
    panels: tuple[Panel, ...]
    described: tuple[Panel, ...]


def lights_of(scene: Scene, rng: np.random.Generator) -> tuple[tuple[NamedLight, ...], int]:
    """Return the ceiling light, a window and a lamp on each side, the room, and a visible light.

    Returns:
        Seven lights, the last of which may have no panels. Then the index of the light that the
        scene's lampshades belong to, or NO_LIGHT.
    """
    window, *seen = scene.ambient["window"]
    lamp = scene.ambient["lamp"][0]
    other_lamp = _opposite(lamp, rng)
    aim = scene.view.target - other_lamp.center
    other_lamp = replace(other_lamp, direction=aim / np.linalg.norm(aim))
    lights = [
        ("ceiling", scene.ambient["ceiling"]),
        ("window", (window,)),
        ("window", (_opposite(window, rng),)),
        ("lamp", (lamp,)),
        ("lamp", (other_lamp,)),
        ("room", scene.ambient["room"]),
    ]
    named = [NamedLight(kind, panels, panels) for kind, panels in lights]
    if seen:
        named.append(NamedLight("window", tuple(seen), tuple(seen)))
        return tuple(named), NO_LIGHT
    shades = tuple(_stand_in(part) for part in scene.thing if is_lamp(part[1]))
    named.append(NamedLight("lamp", (), shades))
    return tuple(named), len(named) - 1 if shades else NO_LIGHT


def description(light: NamedLight, view: View) -> list[float]:
    """Describe a light to a camera in the nine numbers of `keras_f2a.data.light_numbers`."""
    axes = np.stack([view.right, view.up, view.forward])
    away = float(np.linalg.norm(view.target - view.origin))
    panels = light.described
    areas = np.array([panel.width * panel.height for panel in panels])
    shares = areas * [panel.radiance for panel in panels]
    shares = shares / shares.sum()
    centers = np.stack([axes @ (panel.center - view.origin) / away for panel in panels])
    center = shares @ centers
    distance = float(np.linalg.norm(center))
    shining = shares @ np.stack([axes @ panel.direction for panel in panels])
    spread = float(np.sqrt(shares @ ((centers - center) ** 2).sum(1)))
    size = float(np.sqrt(areas.sum())) / away
    numbers = [*center / max(distance, 1e-6), np.log(distance + 0.1), *shining]
    return [round(float(number), 4) for number in (*numbers, np.log(size + 0.02), spread)]


def _opposite(panel: Panel, rng: np.random.Generator) -> Panel:
    """Mirror a panel to the other side of the room, somewhat nearer to the viewer's end."""
    mirror = np.array([-1.0, 1.0, 1.0])
    shift = np.array([0.0, -abs(rng.normal(0, 0.25)), 0.0])
    scale = float(np.exp(rng.normal(0, 0.15)))
    return replace(
        panel,
        center=panel.center * mirror + shift,
        direction=panel.direction * mirror,
        width=panel.width * scale,
        height=panel.height * min(scale, 1.1),
        picture=None if panel.picture is None else panel.picture[:, ::-1],
    )


def _stand_in(part: tuple) -> Panel:
    """Return a panel with the position and size of a lampshade. It shines in all directions."""
    low, high = bounds([part])
    middle, sides = (low + high) / 2, np.maximum(high - low, 0.02)
    across = float(np.hypot(sides[0], sides[1]) / np.sqrt(2))
    power = float(np.mean(part[1].emission))
    return Panel(middle, np.zeros(3), across, float(sides[2]), power)
