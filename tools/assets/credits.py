"""Writes the credits file, which says who made what scenes show."""

from dataclasses import dataclass

HEAD = """# Credits

What the rendered scenes show besides this project's own shapes and textures, made by
`python -m tools.scene_assets`. Models were scaled to their catalog's size, placed in rooms and
given other colors and surfaces; pictures were cropped and shrunk. Works under CC BY are used under
these licenses: CC BY 3.0 <https://creativecommons.org/licenses/by/3.0/>, CC BY 3.0 US
<https://creativecommons.org/licenses/by/3.0/us/>, CC BY 4.0
<https://creativecommons.org/licenses/by/4.0/>.

| work | author | license | source |
|---|---|---|---|
"""


@dataclass(frozen=True, order=True)
class Credit:
    """Credit for one work.

    Attributes:
        title: Title of the work.
        author: Name of its author.
        license: Short name of its license.
        source: Package or library that carries it.
    """

    title: str
    author: str
    license: str
    source: str


def credits_text(credits: list[Credit]) -> str:
    """Return the credits as a Markdown page that groups works by source."""
    ordered = sorted(set(credits), key=lambda credit: (credit.source, credit))
    rows = [f"| {c.title} | {c.author} | {c.license} | {c.source} |" for c in ordered]
    return HEAD + "\n".join(rows) + "\n"
