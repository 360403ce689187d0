"""The TypeScript code passes ESLint and Prettier and has no circular imports."""

import re

from tests.web_demo import node

SOURCE = node.DEMO / "src"


def test_eslint_and_prettier_find_nothing():
    node.install()
    node.run_script("lint")


def test_no_file_imports_itself_by_way_of_others():
    """Type imports count too. The URL of a worker's script (`?worker&url`) is not an import."""
    imports = {path: _imports(path) for path in SOURCE.rglob("*.ts")}
    assert sum(map(len, imports.values())) > 100
    while free := [path for path, others in imports.items() if not others & imports.keys()]:
        for path in free:
            del imports[path]
    assert not imports, sorted(str(path.relative_to(SOURCE)) for path in imports)


def _imports(path):
    names = re.findall(r"""(?:from|import) '(\.[^'?]+)\.js'""", path.read_text())
    return {(path.parent / f"{name}.ts").resolve() for name in names}
