"""An engine that halves an image and remembers what it saw."""


class Darken:
    """An engine that remembers what it saw."""

    def __init__(self, fixed_size=None):
        self.fixed_size = fixed_size
        self.seen = []

    def run(self, image):
        self.seen.append(image)
        return 0.5 * image
