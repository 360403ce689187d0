"""Objects, plants, furniture and people that stand in a scene."""
