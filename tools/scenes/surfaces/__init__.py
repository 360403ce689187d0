"""What things are covered with: colors, materials, textures, prints."""
