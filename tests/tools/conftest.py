import pytest

from tests.tools import fake_assets


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    """A cache of boxes, and people of boxes, made as the real one is."""
    return fake_assets.make_cache(tmp_path_factory.mktemp("assets"))
