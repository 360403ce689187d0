"""Reads the imports of the project's modules from their sources, without importing them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter


@dataclass(frozen=True)
class Import:
    """An imported module as a source names it.

    Attributes:
        module: Its full name. For `from module import name`, the module.
        at_once: Whether importing the source imports it, so not in a function or only for types.
        line: The line of the import.
    """

    module: str
    at_once: bool
    line: int


class House:
    """The project's modules and their imports.

    Args:
        sources: The text of each module by its full name. A package's is `package.__init__`.
    """

    def __init__(self, sources: dict[str, str]):
        self.modules = {name.removesuffix(".__init__") for name in sources}
        self.imports = {
            name.removesuffix(".__init__"): list(
                dict.fromkeys(self._imports(ast.parse(text), name.rpartition(".")[0]))
            )
            for name, text in sources.items()
        }

    def _imports(self, node: ast.AST, folder: str, at_once: bool = True) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                for alias in child.names:
                    yield Import(alias.name, at_once, child.lineno)
            elif isinstance(child, ast.ImportFrom):
                assert child.level <= 1, f"line {child.lineno}: an import from another folder"
                base = child.module or folder
                if child.level and child.module:
                    base = f"{folder}.{child.module}"
                for alias in child.names:
                    inner = f"{base}.{alias.name}"
                    module = inner if inner in self.modules else base
                    yield Import(module, at_once, child.lineno)
            else:
                yield from self._imports(child, folder, at_once and not _is_later(child))

    def of_the_project(self) -> Iterator[tuple[str, Import]]:
        """Yield every import of one of the project's modules by another."""
        for module, imports in self.imports.items():
            for found in imports:
                if found.module in self.modules and found.module != module:
                    yield module, found

    def foreign_at_once(self, module: str) -> dict[str, str]:
        """Return external packages loaded with a module, and the module that imports each."""
        found, reached, waiting = {}, set(), [module]
        while waiting:
            module = waiting.pop()
            if module in reached:
                continue
            reached.add(module)
            for entry in self.imports.get(module, ()):
                if not entry.at_once:
                    continue
                # Importing a.b.c imports a and a.b.
                parts = entry.module.split(".")
                names = {".".join(parts[: i + 1]) for i in range(len(parts))}
                waiting += names & self.modules
                if not names & self.modules:
                    found.setdefault(parts[0], module)
        return found

    def circle(self) -> list[str]:
        """Return modules that form an import cycle, the first one also last, or an empty list.

        If there are several cycles, return one of them.
        """
        before = {module: set() for module in self.modules}
        for module, found in self.of_the_project():
            before[module].add(found.module)
        try:
            TopologicalSorter(before).prepare()
        except CycleError as error:
            return error.args[1][::-1]
        return []


def _is_later(node: ast.AST) -> bool:
    """Return whether the code inside a node runs after the module's import, or never."""
    for_types = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
    return for_types or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
