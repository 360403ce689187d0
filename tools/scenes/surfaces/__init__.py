"""What things are covered with: colours, materials, textures, prints."""
