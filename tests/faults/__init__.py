"""Generated faults: seeded cases of what can happen to commands, files, models and runs.

`make test` runs the first cases of each class. `python -m tests.faults` runs thousands.
"""
