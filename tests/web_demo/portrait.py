"""A drawn portrait with red eyes."""

from functools import partial

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

EYES = -6.5, 6.5  # in hundredths of the short side, from the middle of the face


def portrait(width, height):
    """Draw a face with red pupils that the face detector finds."""
    image = Image.new("RGB", (width, height), (70, 75, 80))
    draw = ImageDraw.Draw(image)
    center_x, center_y, unit = 0.45 * width, 0.45 * height, 0.01 * min(width, height)

    def draw_at(shape, x, y, across, down, color):
        left, right = center_x + (x - across) * unit, center_x + (x + across) * unit
        top, bottom = center_y + (y - down) * unit, center_y + (y + down) * unit
        shape([left, top, right, bottom], fill=color)

    ellipse, box = partial(draw_at, draw.ellipse), partial(draw_at, draw.rectangle)
    ellipse(0, -4, 20, 26, (50, 35, 25))  # hair
    box(0, 22, 7, 13, (190, 140, 115))  # neck
    ellipse(0, 55, 32, 25, (60, 70, 120))  # clothes
    ellipse(0, 0, 16, 22, (225, 175, 150))
    for eye in EYES:
        ellipse(eye, -3.5, 4.2, 2.6, (170, 120, 100))
        ellipse(eye, -3, 3.4, 1.8, (240, 235, 230))
        ellipse(eye, -3, 1.7, 1.7, (60, 40, 30))
        box(eye, -7, 4, 0.7, (60, 40, 30))
    ellipse(0, 4.5, 2.6, 1.6, (190, 135, 115))
    ellipse(0, 2.2, 1.5, 3.5, (235, 188, 163))
    ellipse(0, 11, 5.5, 1.8, (160, 75, 75))
    ellipse(0, 10.4, 5.5, 0.5, (110, 45, 45))
    pixels = np.array(image.filter(ImageFilter.GaussianBlur(0.5 * unit)))
    rows, columns = np.ogrid[:height, :width]
    for eye in EYES:
        distance = np.hypot(columns - center_x - eye * unit, rows - center_y + 3 * unit)
        pixels[distance <= 1.1 * unit] = (190, 40, 45)
    return Image.fromarray(pixels)
