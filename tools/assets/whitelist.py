"""Which models scenes may show: `whitelist.toml`, by kind, and which of them are kept for tests."""

import tomllib
from pathlib import Path

WHITELIST = Path(__file__).with_name("whitelist.toml")


def read_whitelist() -> tuple[dict[str, list[str]], set[str]]:
    """Keys of the models of each kind, and the keys of those that only test scenes show.

    Raises:
        ValueError: If a model for tests is of no kind.
    """
    content = tomllib.loads(WHITELIST.read_text(encoding="utf-8"))
    kinds, test = content["kinds"], set(content["test"])
    if strangers := test - {key for keys in kinds.values() for key in keys}:
        raise ValueError(f"{WHITELIST.name}: of no kind: {', '.join(sorted(strangers))}")
    return kinds, test


def kinds_for(split: str) -> dict[str, list[str]]:
    """Keys of the models that scenes of a split ("train" or "test") may show, by kind."""
    kinds, test = read_whitelist()
    return {
        kind: [key for key in keys if (key in test) == (split == "test")]
        for kind, keys in kinds.items()
    }
