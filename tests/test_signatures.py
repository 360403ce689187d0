"""Calls name their arguments: a function takes at most three positional arguments."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]


def public_functions(node: ast.AST) -> Iterator[ast.FunctionDef]:
    """Yield the public functions and the public methods of public classes, including `__init__`."""
    for child in ast.iter_child_nodes(node):
        name = getattr(child, "name", "_")
        if name.startswith("_") and name != "__init__":
            continue
        if isinstance(child, ast.ClassDef):
            yield from public_functions(child)
        elif isinstance(child, ast.FunctionDef):
            yield child


def test_more_than_three_arguments_are_given_by_keyword():
    found = []
    for package in ("keras_f2a", "export"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for function in public_functions(ast.parse(path.read_text(encoding="utf-8"))):
                arguments = [a.arg for a in (*function.args.posonlyargs, *function.args.args)]
                positional = [name for name in arguments if name not in ("self", "cls")]
                if len(positional) > 3:
                    found.append(f"{path.relative_to(ROOT)}: {function.name}")
    assert not found, "\n".join(found)
