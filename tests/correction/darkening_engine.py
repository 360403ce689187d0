"""An engine that halves an image and records its inputs."""


class Darken:
    """Engine that halves an image and records its inputs."""

    def __init__(self, fixed_size=None):
        self.fixed_size = fixed_size
        self.seen = []

    def run(self, image):
        self.seen.append(image)
        return 0.5 * image
