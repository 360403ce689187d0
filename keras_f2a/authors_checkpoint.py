"""`python -m keras_f2a.authors_checkpoint`, which is `keras-f2a import-authors`."""

from keras_f2a.cli.program import module_command
from keras_f2a.support.command_line import run_command

main, parser = module_command("import-authors", "keras_f2a.authors_checkpoint")

if __name__ == "__main__":
    run_command(main, parser())
