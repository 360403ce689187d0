"""Runs `keras-f2a export` as `python -m export` from the root of a checkout."""

from keras_f2a.cli.program import module_command
from keras_f2a.support.command_line import run_command

main, parser = module_command("export", "export")

if __name__ == "__main__":
    run_command(main, parser())
