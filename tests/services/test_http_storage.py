"""A service that cannot store photographs or results."""

import asyncio
import io
import shutil

import numpy as np
from PIL import Image

from keras_f2a.correction.settings import CorrectionSettings, OutputSettings
from keras_f2a.services.worker_pool import WorkerPool
from tests.services.service import asked, error_of, running_service, wait_until


def test_a_full_disk_is_the_services_fault(small_disk, rng, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(small_disk))
    noise = Image.fromarray(rng.integers(0, 256, (480, 480, 3), dtype=np.uint8))
    large, fine = io.BytesIO(), io.BytesIO()
    noise.save(large, "PNG")
    noise.save(fine, "JPEG", quality=20)
    form = b'--a\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n'
    form += rng.bytes(1_500_000) + b"\r\n--a--\r\n"
    headers = {"content-type": "multipart/form-data; boundary=a"}
    expected = 507, "the service cannot store the photograph; send it again later"
    with running_service("--workers", "1") as (port, _):
        assert asked(port, fine.getvalue())[0] == 200
        assert error_of(asked(port, large.getvalue())) == expected
        assert error_of(asked(port, form, headers=headers)) == expected
        assert error_of(asked(port, fine.getvalue(), "/correct?quality=100")) == expected
        assert asked(port, fine.getvalue())[0] == 200


def test_a_lost_folder_for_uploads_is_the_services_fault(tmp_path, photograph, monkeypatch):
    (tmp_path / "uploads").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "uploads"))
    with running_service("--workers", "1") as (port, _):
        assert asked(port, photograph)[0] == 200
        wait_until(lambda: not any((tmp_path / "uploads").iterdir()))
        (tmp_path / "uploads").rmdir()
        assert error_of(asked(port, photograph))[0] == 507
        (tmp_path / "uploads").mkdir()
        assert asked(port, photograph)[0] == 200


def test_a_canceled_request_leaves_no_result(tmp_path, photograph, monkeypatch):
    """The worker creates the request's folder again if it was deleted meanwhile."""
    pool = WorkerPool(CorrectionSettings(), workers=1, waiting=0, max_megapixels=1)
    (worker,) = pool.workers
    folder = tmp_path / "request"
    folder.mkdir()
    (folder / "photo").write_bytes(photograph)

    def correct_meanwhile(source, target, **options):
        result = type(worker).correct(worker, source, target, **options)
        shutil.rmtree(folder)
        folder.mkdir()
        (folder / "result.jpg").write_bytes(photograph)
        return result

    async def present():
        return False

    async def correct():
        options = {"changes": {}, "output": OutputSettings(), "seconds": 60}
        await pool.correct(folder / "photo", is_abandoned=present, **options)

    monkeypatch.setattr(worker, "correct", correct_meanwhile)
    asyncio.run(correct())
    pool.close()
    assert not folder.exists()
