"""Programs that run an exported file in a process of its own; started by `export.probe`."""
