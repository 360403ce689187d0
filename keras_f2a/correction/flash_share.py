"""Estimates how much of a photograph's light came from a flash, from two sources.

The network for placed light estimates it from the picture, and the file's EXIF block may say
whether the flash fired. Neither is always right. The network mistakes some plain walls for the
effect of a flash. If a print of a flash photograph is photographed, the new file says that no flash
fired. So the EXIF block only multiplies the odds of the network's share, as in Bayes' rule.
"""

FIRED_ODDS = 20.0
"""The factor by which the file changes the odds. It was chosen on development photographs."""


NO_FLASH_NOTE = "shows no flash and stays almost as it is"
"""The message about a photograph that `auto` leaves almost unchanged."""


def flash_share(seen: float, fired: bool | None = None) -> float:
    """Return the flash's share of the photograph's light.

    With the network's share s and ``o = FIRED_ODDS``, it is ``o * s / (o * s + 1 - s)`` if the
    flash fired and ``s / (s + o * (1 - s))`` if it did not.

    Args:
        seen: The network's share, in [0, 1]. 0 and 1 are returned unchanged.
        fired: Whether the flash fired, according to the file; `None` if unknown.

    Returns:
        The share, in [0, 1].
    """
    if fired is None:
        return seen
    flash_odds, ambient_odds = (FIRED_ODDS, 1) if fired else (1, FIRED_ODDS)
    return flash_odds * seen / (flash_odds * seen + ambient_odds * (1 - seen))


def no_flash_summary(photographs: int) -> str:
    """Return a line on how many photographs `auto` left, and on the option that changes them."""
    if photographs == 1:
        return f"1 photograph {NO_FLASH_NOTE}; --light room changes it"
    return (
        f"{photographs:,} photographs show no flash and stay almost as they are; --light room "
        "changes them"
    )
