"""Faces and postures of people: the shapes of a face, and the rotations of bones."""

import numpy as np

from tools.scenes.things.bodies import BodyModel, rotation

FACE_FOLDERS = (
    "head/",
    "forehead/",
    "eyebrows/",
    "eyes/l-",
    "nose/",
    "mouth/",
    "chin/",
    "cheek/l-",
    "ears/l-",
)
UNWANTED = ("trans", "age", "scale-vert", "head-angle", "fat")
EXPRESSIONS: dict[str, dict[str, float]] = {
    "neutral": {},
    "slight_smile": {"mouth-corner-puller": 0.35, "eye-*-slit": 0.15},
    "smile": {"mouth-corner-puller": 0.75, "mouth-elevation": 0.2, "eye-*-slit": 0.35},
    "laugh": {"mouth-corner-puller": 0.8, "mouth-open": 0.35, "eye-*-slit": 0.5},
    "talk": {"mouth-open": 0.25, "eyebrows-*-up": 0.2},
    "surprise": {"mouth-open": 0.4, "eyebrows-*-up": 0.7, "eye-*-opened-up": 0.5},
    "serious": {"eyebrows-*-down": 0.4, "mouth-compression": 0.3},
    "eyes_closed": {"eye-*-closure": 1.0},
}
HOW_OFTEN = (0.3, 0.2, 0.2, 0.1, 0.07, 0.03, 0.07, 0.03)


def sample_face(rng: np.random.Generator, target_names: list[str]) -> dict[str, float]:
    """Sample shape weights for an individual, nearly symmetric face, and an expression."""
    names = [
        name
        for name in target_names
        if name.startswith(FACE_FOLDERS) and not any(word in name for word in UNWANTED)
    ]
    weights: dict[str, float] = {}
    for name in rng.choice(names, int(rng.integers(10, 24)), replace=False):
        weight = abs(rng.normal(0, 0.22))
        weights[str(name)] = weight
        if "/l-" in name:
            weights[str(name).replace("/l-", "/r-")] = weight * rng.uniform(0.9, 1.1)
    kind = list(EXPRESSIONS)[rng.choice(len(EXPRESSIONS), p=HOW_OFTEN)]
    for name, weight in EXPRESSIONS[kind].items():
        for side in ("left", "right") if "*" in name else ("",):
            strength = weight * rng.uniform(0.7, 1.15)
            weights[f"expression/{name.replace('*', side)}"] = strength
    return weights


def sample_posture(
    rng: np.random.Generator, model: BodyModel, body: np.ndarray, seated: bool
) -> dict[str, np.ndarray]:
    """Sample bone rotations: arms at the sides or in front, and a slightly turned head."""
    turns: dict[str, np.ndarray] = {}
    turn, nod, tilt = rng.normal(0, 14), rng.normal(-3, 6), rng.normal(0, 4)
    for bone, share in (("neck01", 0.2), ("neck02", 0.2), ("neck03", 0.2), ("head", 0.4)):
        turns[bone] = (
            rotation(share * turn, "z") @ rotation(share * nod, "x") @ rotation(share * tilt, "y")
        )
    lean = rng.normal(0, 4)
    for bone in ("spine03", "spine02", "spine01"):
        turns[bone] = rotation(lean / 3, "x") @ rotation(rng.normal(0, 1.5), "y")
    joints = body[model.data["bone_joints"].astype(int)].mean(1)
    place = dict(zip(model.data["bone_names"].tolist(), joints, strict=True))
    for side, sign in (("L", 1.0), ("R", -1.0)):
        raised = rng.uniform() < 0.25
        upper = np.array([sign * rng.uniform(0.12, 0.4), -rng.uniform(-0.1, 0.35), -1.0])
        ahead = rng.uniform(0.8, 1.6) if raised or seated else rng.uniform(0.05, 0.5)
        fore = np.array([sign * rng.uniform(-0.4, 0.15), -ahead, 0.5 if raised else -0.8])
        first = _between(place[f"lowerarm01.{side}"] - place[f"upperarm01.{side}"], upper)
        second = _between(place[f"wrist.{side}"] - place[f"lowerarm01.{side}"], fore)
        turns[f"upperarm01.{side}"] = first
        turns[f"lowerarm01.{side}"] = first.T @ second
        turns |= _relaxed_hand(rng, place, side)
        if seated:
            turns |= _seated_leg(rng, place, side, sign)
    return turns


def _relaxed_hand(
    rng: np.random.Generator, place: dict[str, np.ndarray], side: str
) -> dict[str, np.ndarray]:
    """Bend the fingers toward the palm, which faces down in the data's pose."""
    turns = {}
    bend = rng.uniform(8, 32)
    for finger in range(2, 6):
        along = place[f"finger{finger}-3.{side}"] - place[f"finger{finger}-1.{side}"]
        axis = np.cross(along, [0.0, 0.0, -1.0])
        for joint in (1, 2, 3):
            angle = np.radians(bend * rng.uniform(0.7, 1.3))
            turns[f"finger{finger}-{joint}.{side}"] = _about(axis / np.linalg.norm(axis), angle)
    return turns


def _seated_leg(
    rng: np.random.Generator, place: dict[str, np.ndarray], side: str, sign: float
) -> dict[str, np.ndarray]:
    """Turn the thigh forward and the shin down."""
    ahead = np.array([sign * rng.uniform(0.05, 0.25), -1.0, rng.uniform(-0.15, 0.05)])
    down = np.array([0.0, rng.uniform(-0.2, 0.2), -1.0])
    thigh = _between(place[f"lowerleg01.{side}"] - place[f"upperleg01.{side}"], ahead)
    shin = _between(place[f"foot.{side}"] - place[f"lowerleg01.{side}"], down)
    return {f"upperleg01.{side}": thigh, f"lowerleg01.{side}": thigh.T @ shin}


def _about(axis: np.ndarray, angle: float) -> np.ndarray:
    """Return a rotation by an angle in radians about a unit vector, shape (3, 3)."""
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


def _between(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the smallest rotation from one direction to another, shape (3, 3)."""
    first, second = first / np.linalg.norm(first), second / np.linalg.norm(second)
    axis = np.cross(first, second)
    cosine = float(first @ second)
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    return np.eye(3) + cross + cross @ cross / max(1 + cosine, 1e-6)
