"""Programs that run an exported file in a separate process. `export.probe` starts them."""
