"""Light to photographs: mixing lights, and what a camera makes of them."""
