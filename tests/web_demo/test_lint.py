"""The TypeScript obeys the recommended rules of ESLint and typescript-eslint."""

from tests.web_demo import node


def test_eslint_finds_nothing():
    node.install()
    node.run("eslint", ".")
