"""Generated faults: seeded cases of what happens to commands, files, models and runs.

`make test` takes the first cases of each class; `python -m tests.faults` takes thousands.
"""
