"""Example client for TF Serving: sends photographs over REST or gRPC and saves the results.

    python -m keras_f2a.export.serving_client PHOTO… --output DIR

Photographs are first rotated upright and converted to sRGB, because the server ignores EXIF and
color profiles. Each photograph is sent in a separate request.
"""

import base64
import io
import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from http.client import HTTPException
from pathlib import Path

from PIL import Image

from keras_f2a.imaging.conversion import to_8_bits, to_gray, to_srgb
from keras_f2a.imaging.exif import ORIENTATION
from keras_f2a.imaging.file_kind import JPEG, PNG, detect_kind
from keras_f2a.imaging.photo import open_photo
from keras_f2a.support.argument_parser import ArgumentParser
from keras_f2a.support.atomic_file import named_file
from keras_f2a.support.command_line import run_command
from keras_f2a.support.errors import InputError, WorkError, one_line
from keras_f2a.support.folders import writable_folder
from keras_f2a.support.printable import printable
from keras_f2a.support.quiet_tensorflow import import_tensorflow_quietly

MODEL_NAME = "flash_to_ambient"
REST_PORT, GRPC_PORT = 8501, 8500
TIMEOUT_SECONDS = 60
_QUALITY = 95
_UNLIMITED = [(f"grpc.max_{way}_message_length", -1) for way in ("send", "receive")]
_SUFFIXES = {JPEG: ".jpg", PNG: ".png"}
_PNG_SIGNATURE = b"\x89PNG"


def rest_request(files: Sequence[bytes]) -> bytes:
    """Return the body of a REST request with one instance for each encoded photograph."""
    instances = [{"b64": base64.b64encode(file).decode()} for file in files]
    return json.dumps({"signature_name": "serving_default", "instances": instances}).encode()


def parse_rest_response(body: bytes) -> list[bytes]:
    """Return the encoded photographs of a REST reply."""
    # TF Serving omits the name of a single output.
    return [base64.b64decode(item["b64"]) for item in json.loads(body)["predictions"]]


def grpc_request(files: Sequence[bytes], model: str = MODEL_NAME):
    """Return a `PredictRequest` for encoded photographs."""
    import tensorflow as tf
    from tensorflow_serving.apis.predict_pb2 import PredictRequest

    request = PredictRequest()
    request.model_spec.name = model
    request.model_spec.signature_name = "serving_default"
    request.inputs["image_bytes"].CopyFrom(tf.make_tensor_proto(list(files), shape=[len(files)]))
    return request


def parse_grpc_response(response) -> list[bytes]:
    """Return the encoded photographs of a `PredictResponse`."""
    return list(response.outputs["ambient_bytes"].string_val)


def correct_over_rest(files: Sequence[bytes], server: str, model: str = MODEL_NAME) -> list[bytes]:
    """Send encoded photographs to TF Serving's REST port and return the corrected ones.

    Args:
        files: JPEG or PNG files.
        server: HOST:PORT.
        model: The model's name on the server.

    Raises:
        WorkError: The server cannot be reached, rejects a photograph or is not TF Serving.
    """
    url = f"http://{server}/v1/models/{model}:predict"
    try:
        request = urllib.request.Request(url, rest_request(files))
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
            body = response.read()
    except urllib.error.HTTPError as error:
        reason = one_line(error.read().decode(errors="replace"))
        raise WorkError(f"{url}: refused ({reason})") from error
    except (OSError, HTTPException, ValueError) as error:  # Also from a bad HOST:PORT.
        cause = error.reason if isinstance(error, urllib.error.URLError) else error
        raise WorkError(f"{url}: cannot be reached ({cause})") from error
    try:
        return _check_count(parse_rest_response(body), files)
    except (ValueError, KeyError, TypeError) as error:
        raise WorkError(
            f"{url}: the reply is not from TF Serving; check that this is its REST port"
        ) from error


def correct_over_grpc(files: Sequence[bytes], server: str, model: str = MODEL_NAME) -> list[bytes]:
    """Send encoded photographs to TF Serving's gRPC port. See `correct_over_rest`."""
    try:
        import_tensorflow_quietly()
        import grpc
        from tensorflow_serving.apis.prediction_service_pb2_grpc import PredictionServiceStub
    except ImportError as error:
        raise InputError(
            f"needs the package {error.name}: pip install 'keras_f2a[export]'",
            setting="protocol",
            value="grpc",
        ) from error

    try:
        with grpc.insecure_channel(server, options=_UNLIMITED) as channel:
            stub = PredictionServiceStub(channel)
            response = stub.Predict(grpc_request(files, model), timeout=TIMEOUT_SECONDS)
    except grpc.RpcError as error:
        reason = one_line(error.details())
        raise WorkError(f"{server}: {error.code().name.lower()} ({reason})") from error
    try:
        return _check_count(parse_grpc_response(response), files)
    except ValueError as error:
        raise WorkError(f"{server}: the reply is not from a flash_to_ambient model") from error


def _check_count(replies: list[bytes], files: Sequence[bytes]) -> list[bytes]:
    if len(replies) != len(files):
        raise ValueError(f"{len(replies)} replies for {len(files)} photographs")
    return replies


def upright_file(path: Path) -> bytes:
    """Return a photograph as an upright sRGB JPEG or PNG file.

    A JPEG or PNG file that already meets this is returned unchanged.

    Raises:
        InputError: The photograph cannot be read.
        WorkError: Out of memory.
    """
    photo, kind = open_photo(path), detect_kind(path)
    if kind in (JPEG, PNG) and not photo.icc_profile and _is_plain(path):
        return path.read_bytes()
    pixels = to_8_bits(photo.image)
    # The color profile of a gray photograph is for one channel.
    pixels = to_srgb(to_gray(pixels) if photo.gray else pixels, photo.icc_profile)
    file = io.BytesIO()
    pixels.save(file, PNG if kind == PNG else JPEG, quality=_QUALITY, icc_profile=None)
    return file.getvalue()


def _is_plain(path: Path) -> bool:
    """Return whether a JPEG or PNG file is upright and not CMYK."""
    with Image.open(path) as image:
        try:
            upright = image.getexif().get(ORIENTATION, 1) == 1
        except Exception:  # Damaged EXIF makes Pillow raise almost any exception.
            upright = True
        return upright and image.mode != "CMYK"


def main(arguments: Sequence[str] | None = None) -> None:
    """Correct the photographs on the command line."""
    options = _parser().parse_args(arguments)
    targets = _targets(options.photos, options.output, force=options.force)
    writable_folder(options.output, "output")
    over_grpc = options.protocol == "grpc"
    server = options.server or f"localhost:{GRPC_PORT if over_grpc else REST_PORT}"
    correct = correct_over_grpc if over_grpc else correct_over_rest
    for photo, target in zip(options.photos, targets, strict=True):
        file = upright_file(photo)
        try:
            [result] = correct([file], server, options.name)
        except WorkError as error:
            raise WorkError(f"{error}", file=photo) from error
        path = Path(f"{target}{_SUFFIXES[PNG if result.startswith(_PNG_SIGNATURE) else JPEG]}")
        with named_file(path) as temporary:
            temporary.write_bytes(result)
        print(printable(path))


def _targets(photos: Sequence[Path], output: Path, *, force: bool) -> list[Path]:
    """Return the paths of the results without suffixes, which depend on the server's replies.

    Raises:
        InputError: Two results would have the same name, or one exists and `force` is not set.
    """
    photos_by_stem: dict[str, Path] = {}
    for photo in photos:
        stem = photo.stem.casefold()  # Some file systems ignore case.
        earlier = photos_by_stem.setdefault(stem, photo)
        if earlier is not photo:
            raise InputError(
                f"its result would replace that of {printable(earlier)}; "
                "correct them into different folders",
                file=photo,
            )
    targets = [output / f"{photo.stem}_ambient" for photo in photos]
    for path in (Path(f"{target}{suffix}") for target in targets for suffix in _SUFFIXES.values()):
        if path.exists() and not force:
            raise InputError("already exists; `force` replaces it", file=path)
    return targets


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="keras_f2a.export.serving_client",
        description="Corrects photographs with a generator that TF Serving serves.",
    )
    add = parser.add_argument
    add("photos", nargs="+", type=Path, metavar="PHOTO", help="photographs")
    add("--output", required=True, type=Path, metavar="DIR", help="folder for the results")
    add("--force", action="store_true", help="replace earlier results")
    add("--server", metavar="HOST:PORT", help="default: localhost:8501, with gRPC localhost:8500")
    add("--protocol", choices=("rest", "grpc"), default="rest", help="default: rest")
    add("--name", default=MODEL_NAME, metavar="NAME", help=f"the model's name ({MODEL_NAME})")
    return parser


if __name__ == "__main__":
    run_command(main, _parser())
