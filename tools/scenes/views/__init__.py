"""Views of scenes under named lights, for networks that are told where the light comes from."""
