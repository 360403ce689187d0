"""`python -m keras_f2a.reproduce`, which is `keras-f2a reproduce`."""

from keras_f2a.cli.program import module_command
from keras_f2a.support.command_line import run_command

main, parser = module_command("reproduce", "keras_f2a.reproduce")

if __name__ == "__main__":
    run_command(main, parser())
