import pytest

from tests.tools import fake_assets


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    """Return a cache of boxes, including people, made by the same functions as the real one."""
    return fake_assets.make_cache(tmp_path_factory.mktemp("assets"))
