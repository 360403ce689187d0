"""What stands in a scene."""
