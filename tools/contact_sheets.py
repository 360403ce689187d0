"""Command: draw all pairs of a folder on numbered sheets, so that you can look at every pair."""

import argparse
import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

CELL = 160
_CAPTION = 14


def draw_sheet(flash_paths: list[Path], columns: int) -> Image.Image:
    """Draw pairs side by side, flash on the left, under the names of their scenes.

    Args:
        flash_paths: Flash photographs, named NAME_flash.EXT, each next to its NAME_ambient.EXT.
        columns: Pairs per row.
    """
    rows = -(-len(flash_paths) // columns)
    width, height = 2 * CELL + 6, CELL + _CAPTION
    sheet = Image.new("RGB", (columns * width, rows * height), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(11)
    for number, path in enumerate(flash_paths):
        x, y = number % columns * width, number // columns * height
        draw.text((x + 2, y), path.name.split("_flash")[0], "black", font)
        for place, kind in enumerate(("flash", "ambient")):
            with Image.open(path.with_name(path.name.replace("_flash", f"_{kind}"))) as image:
                image.thumbnail((CELL, CELL), Image.Resampling.LANCZOS)
                sheet.paste(image, (x + place * (CELL + 1), y + _CAPTION))
    return sheet


def draw_sheets(folder: Path, output: Path, *, columns: int, rows: int) -> list[Path]:
    """Draw all pairs under a folder on PNG sheets and return the paths of the sheets.

    Raises:
        FileNotFoundError: If the folder holds no pair.
    """
    paths = sorted(folder.rglob("*_flash.*"))
    if not paths:
        raise FileNotFoundError(f"{folder}: no file is named like Scene_0000_0_flash.webp")
    output.mkdir(parents=True, exist_ok=True)
    sheets = []
    for number, start in enumerate(range(0, len(paths), columns * rows)):
        sheets.append(output / f"sheet_{number:03d}.png")
        draw_sheet(paths[start : start + columns * rows], columns).save(sheets[-1])
    return sheets


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.contact_sheets",
        description="Draws all pairs of a folder, such as those of render_scenes, on PNG sheets.",
    )
    parser.add_argument("folder", type=Path, help="folder of pairs, searched with its subfolders")
    parser.add_argument(
        "--output", type=Path, required=True, metavar="DIR", help="folder for the sheets"
    )
    parser.add_argument("--columns", type=int, default=5, help="pairs in a row (default: 5)")
    parser.add_argument("--rows", type=int, default=9, help="rows of a sheet (default: 9)")
    options = parser.parse_args(arguments)
    try:
        sheets = draw_sheets(
            options.folder, options.output, columns=options.columns, rows=options.rows
        )
    except OSError as error:
        print(f"contact_sheets: {error}", file=sys.stderr)
        return 1
    print("\n".join(map(str, sheets)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
