"""The folder of pairs that the package ships with."""

from pathlib import Path

BUNDLED_SCENES = Path(__file__).parent / "bundled_scenes"
"""Folder with `train/` (48 pairs) and `test/` (8 pairs), 320×240 or 240×320, WebP.

This project rendered them with Mitsuba 3 (`tools/render_scenes.py`). They contain no photographs.
"""
