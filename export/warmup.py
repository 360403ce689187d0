"""The requests that TF Serving runs when it loads a model, so that the first client need not wait.

TF Serving reads them from `assets.extra/tf_serving_warmup_requests`, a TFRecord of PredictionLog.
"""

from pathlib import Path

import numpy as np
import tensorflow as tf

_SIDE = 64  # pixels; a small image already builds every kernel


def write_warmup_requests(folder: Path, model_name: str) -> Path:
    """Writes a request for each kind of file and one for tensors into a SavedModel.

    Args:
        folder: The SavedModel's folder.
        model_name: The model's name on the server.
    """
    # Imported here because only this file needs the package.
    from tensorflow_serving.apis.predict_pb2 import PredictRequest
    from tensorflow_serving.apis.prediction_log_pb2 import PredictionLog, PredictLog

    image = np.linspace(0, 255, _SIDE * _SIDE * 3).reshape(_SIDE, _SIDE, 3).astype(np.uint8)
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
    return path
