"""The model card of a trained network for placed light."""

from keras_f2a.models.placed_light import PlacedLight
from keras_f2a.runs.light_settings import PlacedLightSettings

_ABOUT = """# A network for placed light

This network reads a flash photograph and a description of a light. It answers with one gain for
each pixel: how much brighter or darker the scene would be under that light.
`keras_f2a.data.described_lights` describes lights by name or by direction. The rules of
`docs/light.md` should decide how the gain is applied, because viewers reject a network's own
result.
"""


def model_card(
    network: PlacedLight,
    settings: PlacedLightSettings,
    *,
    scores: dict[str, float],
    views: dict[str, dict[str, int]],
) -> str:
    """Return a Markdown page that says how a network was trained and how well it does.

    Args:
        network: The trained network.
        settings: Settings of its training.
        scores: Scores on held-out views, as `keras_f2a.light_training.scores.score` returns them.
        views: Numbers of views, scenes and lights, by the name of their split.
    """
    names = [name.removeprefix("number/") for name in scores if name.startswith("number/")]
    rows = [
        f"| {name} | {scores[f'gain_db/{name}']:+.2f} dB | {scores[f'number/{name}']:.0f} |"
        for name in names
        if name not in ("sides", "flash")
    ]
    training, held_out, data = views["training"], views["held_out"], settings.data
    parts = [
        _ABOUT,
        f"It has {network.count_params():,} parameters, at width {network.width:g}, and accepts "
        f"photographs of any size. It was trained at {data.long_side} pixels on the long side. It "
        f"reduces photographs by {network.reduction} and enlarges its gains again.\n",
        "## Training\n",
        f"- {training['views']} rendered views of {training['scenes']} scenes, with "
        f"{training['lights']} lights. The terms of these views determine how you may use the "
        "weights.",
        f"- {settings.epochs} epochs, batches of {data.batch_size}, seed {settings.seed}.",
        "- `results.json` lists every setting.\n",
        "## Scores on held-out scenes\n",
        f"{held_out['views']} views of {held_out['scenes']} scenes. The gain is how much closer "
        "the result is to the scene under that light than the photograph is. Both have the same "
        "mean.\n",
        "| light | gain | lights |",
        "|---|---|---|",
        *rows,
        f"| all | {scores['gain_db']:+.2f} dB | {scores['number']:.0f} |\n",
    ]
    if "sides" in scores:
        parts.append(
            f"A left and a right light differ in the right direction in {scores['sides']:.0%} of "
            f"{scores['number/sides']:.0f} pairs.\n"
        )
    if "flash" in scores:
        parts.append(
            "The network tells photographs with and without flash apart in "
            f"{scores['flash']:.0%} of {scores['number/flash']:.0f} cases.\n"
        )
    return "\n".join(parts)
