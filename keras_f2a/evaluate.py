"""`python -m keras_f2a.evaluate`, which is `keras-f2a evaluate`."""

from keras_f2a.cli.program import module_command
from keras_f2a.support.command_line import run_command

main, parser = module_command("evaluate", "keras_f2a.evaluate")

if __name__ == "__main__":
    run_command(main, parser())
