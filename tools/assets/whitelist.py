"""Reads `whitelist.toml`: the models that scenes may show, and those reserved for tests."""

import tomllib
from pathlib import Path

WHITELIST = Path(__file__).with_name("whitelist.toml")


def read_whitelist() -> tuple[dict[str, list[str]], set[str]]:
    """Return the keys of the models of each kind, and the keys reserved for test scenes.

    Raises:
        ValueError: If a model reserved for tests belongs to no kind.
    """
    content = tomllib.loads(WHITELIST.read_text(encoding="utf-8"))
    kinds, test = content["kinds"], set(content["test"])
    if strangers := test - {key for keys in kinds.values() for key in keys}:
        raise ValueError(
            f"{WHITELIST.name}: these models have no kind: {', '.join(sorted(strangers))}"
        )
    return kinds, test


def kinds_for(split: str) -> dict[str, list[str]]:
    """Return the model keys, by kind, that scenes of a split ("train" or "test") may show."""
    kinds, test = read_whitelist()
    return {
        kind: [key for key in keys if (key in test) == (split == "test")]
        for kind, keys in kinds.items()
    }
