"""Decides how much of a photograph's light was a flash's, by what two witnesses say.

The network for placed light sees it in the picture; the file's EXIF block may say whether the flash
fired. Neither is always right. The network takes some plain walls for a flash's work. A flash
photograph on paper that was photographed again says that no flash fired. So what the file says
multiplies the odds of the network's share, as in Bayes' rule.
"""

FIRED_ODDS = 20.0
"""By how much the file changes the odds; chosen on development photographs."""


LEFT = "shows no flash and stays almost as it is"
"""Said of a photograph to which so little of `auto` was applied."""


def flash_share(seen: float, fired: bool | None = None) -> float:
    """Return which share of the photograph's light is a flash's.

    With the share s that the network saw and ``o = FIRED_ODDS``, it is ``o * s / (o * s + 1 - s)``
    if the flash fired and ``s / (s + o * (1 - s))`` if it did not.

    Args:
        seen: What the network saw, in [0, 1]. 0 and 1 stay as they are.
        fired: Whether the file says that the flash fired; `None` if it says nothing.

    Returns:
        The share, in [0, 1].
    """
    if fired is None:
        return seen
    flash, others = (FIRED_ODDS, 1) if fired else (1, FIRED_ODDS)
    return flash * seen / (flash * seen + others * (1 - seen))


def left_line(photographs: int) -> str:
    """Say of how many photographs that `auto` left them, and which option changes them."""
    if photographs == 1:
        return f"1 photograph {LEFT}; --light room changes it"
    return (
        f"{photographs:,} photographs show no flash and stay almost as they are; --light room "
        "changes them"
    )
