"""`python -m keras_f2a.correct`, which is `keras-f2a correct`."""

from keras_f2a.cli.program import module_command
from keras_f2a.support.command_line import run_command

main, parser = module_command("correct", "keras_f2a.correct")

if __name__ == "__main__":
    run_command(main, parser())
