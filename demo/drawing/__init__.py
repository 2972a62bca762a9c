"""Drawing: canvas, paths, light, materials, patterns and prints."""
