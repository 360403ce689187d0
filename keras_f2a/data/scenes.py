"""Where the pairs lie that the package carries."""

from pathlib import Path

BUNDLED_SCENES = Path(__file__).parent / "bundled_scenes"
"""Folder with `train/` (48 pairs) and `test/` (8 pairs), 320×240 or 240×320, WebP.

Rendered by this project with Mitsuba 3 (`tools/render_scenes.py`), free of photographs.
"""
