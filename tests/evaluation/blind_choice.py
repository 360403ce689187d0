"""Draws the sheets of a blind choice from the fixture `folders`."""

from keras_f2a.evaluation.preference_sheets import make_sheets


def show(folders, *names, **changes):
    """Draw sheets of these versions, and return the number of trials."""
    versions = {name: folders / name for name in names}
    key = changes.pop("key", folders / "key.json")
    return make_sheets(folders / "original", versions, folders / "sheets", key=key, **changes)


def make(folders, **changes):
    """Draw sheets of both versions."""
    return show(folders, "ours", "other", **changes)
