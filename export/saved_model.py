"""Writes a SavedModel for TF Serving, with signatures for encoded photographs and tensors."""

from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from keras_f2a.support.errors import WorkError

from . import card
from .generator import inference_model
from .photo_files import correct_file
from .probe import Run, run_saved_model
from .replaced_folder import replaced_folder
from .settings import CompleteSettings, ImageSize
from .writer import Description, FormatWriter, Request

_OVERSHOOT = 1e-3  # allowed outside [0, 1], for example after resizing
_WARMUP_SIDE = 64  # pixels; a small image already builds every kernel


class SavedModelWriter(FormatWriter):
    """Writes the format `saved_model`. See `export.writer.Writer`."""

    def path(self, settings: CompleteSettings, size: ImageSize) -> Path:
        """Return the folder of the version, as TF Serving expects it."""
        return Path(settings.name, str(settings.model_version))

    def write(self, request: Request, target: Path) -> Description:
        """Write the two signatures."""
        settings = request.settings
        save_signatures(
            request.generator.model,
            target,
            model_name=settings.name,
            max_megapixels=settings.max_megapixels,
        )
        return Description(
            card.saved_model_metadata(
                settings.name,
                settings.model_version,
                max_megapixels=settings.max_megapixels,
                generator_sha256=request.generator.sha256,
            )
        )

    def run(self, target: Path, images: np.ndarray, threads: int) -> Run:
        """Run the model with TensorFlow, which uses every core."""
        return run_saved_model(target, images)


def write_saved_model(
    generator: keras.Model, path: str | Path, max_megapixels: float = 2.0
) -> None:
    """Write a generator as a SavedModel with two signatures.

    `serving_default` takes `image_bytes`, strings (number,): JPEG or PNG files of any sizes up to
    the limit. It returns `ambient_bytes`, strings (number,): the corrected photographs in the
    formats of the files. `correct_tensor` takes `flash`, float32 RGB in [0, 1], (number, height,
    width, 3), and returns `ambient` in the same form. A file that cannot be read fails the batch
    with an error that names its index. Tensors with other values fail too.

    Args:
        generator: A model from `export.generator.load_exportable`.
        path: The folder of the version, for example `models/flash_to_ambient/1`. Its contents are
            replaced.
        max_megapixels: Size of the largest photograph, in millions of pixels.

    Raises:
        InputError: There is something else than a folder at `path`.
        WorkError: The model cannot be written. An earlier one is kept.
    """
    path = Path(path)
    with replaced_folder(path) as folder:
        save_signatures(
            generator, folder, model_name=path.parent.name, max_megapixels=max_megapixels
        )


def save_signatures(
    generator: keras.Model, folder: Path, *, model_name: str, max_megapixels: float
) -> None:
    """Write the SavedModel of `write_saved_model` to a new folder.

    Args:
        generator: A model from `export.generator.load_exportable`.
        folder: The folder, which must not exist.
        model_name: The model's name on the server.
        max_megapixels: Size of the largest photograph, in millions of pixels.

    Raises:
        WorkError: The model cannot be written.
    """
    module = _module(inference_model(generator), round(max_megapixels * 1e6))
    signatures = {
        "serving_default": module.correct_files,
        "correct_tensor": module.correct_tensor,
    }
    try:
        tf.saved_model.save(module, str(folder), signatures=signatures)
        _write_warmup_requests(folder, model_name)
    except tf.errors.OpError as error:  # TensorFlow's error for a full disk, for example.
        reason = " ".join(error.message.split()).rsplit("; ", 1)[-1]
        raise WorkError(f"cannot be written ({reason})") from error


def _module(network: keras.Model, max_pixels: int) -> tf.Module:
    @tf.function(input_signature=[tf.TensorSpec((None, None, None, 3), tf.float32, name="flash")])
    def correct_tensor(flash):
        with tf.control_dependencies([_check_range(flash)]):
            flash = tf.identity(flash)
        return {"ambient": network(flash, training=False)}

    @tf.function(input_signature=[tf.TensorSpec((None,), tf.string, name="image_bytes")])
    def correct_files(image_bytes):
        def correct_item(item):
            index, file = item
            return correct_file(network, file, index=index, max_pixels=max_pixels)

        indices = tf.range(tf.shape(image_bytes)[0])
        # One at a time, because sizes differ and there may be memory for only one photograph.
        files = tf.map_fn(
            correct_item,
            (indices, image_bytes),
            fn_output_signature=tf.TensorSpec((), tf.string),
            parallel_iterations=1,
        )
        return {"ambient_bytes": files}

    module = tf.Module()
    module.correct_tensor, module.correct_files = correct_tensor, correct_files
    # Keras 3 wraps TensorFlow's variables, but a module saves only plain ones.
    module.weights = [variable.value for variable in network.variables]
    return module


def _check_range(flash: tf.Tensor) -> tf.Operation:
    """Reject 8-bit and non-finite values, because they would give a wrong photograph silently."""
    inside = tf.reduce_all((flash >= -_OVERSHOOT) & (flash <= 1 + _OVERSHOOT))
    return tf.debugging.Assert(
        inside, ["flash: values must be finite and in [0, 1]; divide 8-bit values by 255"]
    )


def _write_warmup_requests(folder: Path, model_name: str) -> None:
    """Write the requests that TF Serving runs on loading, so that the first client does not wait.

    The file is a TFRecord of `PredictionLog` messages: one request for files with one of each kind,
    and one for tensors.
    """
    # Imported here because the other formats do not need tensorflow-serving-api.
    from tensorflow_serving.apis.predict_pb2 import PredictRequest
    from tensorflow_serving.apis.prediction_log_pb2 import PredictionLog, PredictLog

    side = _WARMUP_SIDE
    image = np.linspace(0, 255, side * side * 3).reshape(side, side, 3).astype(np.uint8)
    files = [tf.io.encode_jpeg(image).numpy(), tf.io.encode_png(image).numpy()]
    inputs = {
        "serving_default": {"image_bytes": np.array(files, object)},
        "correct_tensor": {"flash": image[np.newaxis].astype(np.float32) / 255},
    }
    path = folder / "assets.extra" / "tf_serving_warmup_requests"
    path.parent.mkdir(exist_ok=True)
    with tf.io.TFRecordWriter(str(path)) as writer:
        for signature, tensors in inputs.items():
            request = PredictRequest()
            request.model_spec.name = model_name
            request.model_spec.signature_name = signature
            for name, values in tensors.items():
                request.inputs[name].CopyFrom(tf.make_tensor_proto(values))
            log = PredictionLog(predict_log=PredictLog(request=request))
            writer.write(log.SerializeToString())
