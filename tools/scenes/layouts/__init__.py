"""Where things stand, and where the camera does."""
