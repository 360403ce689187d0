"""Stand-ins for TF Serving's two ports that run a SavedModel's signatures in this process."""

import base64
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import grpc
import tensorflow as tf
from tensorflow_serving.apis.predict_pb2 import PredictResponse
from tensorflow_serving.apis.prediction_service_pb2_grpc import (
    PredictionServiceServicer,
    add_PredictionServiceServicer_to_server,
)


@contextmanager
def rest_server(signatures, model):
    """Yield HOST:PORT of a server that behaves like TF Serving's REST port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):  # noqa: N802 - the server calls this name
            assert self.path == f"/v1/models/{model}:predict"
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            files = [base64.b64decode(item["b64"]) for item in request["instances"]]
            signature = signatures[request["signature_name"]]
            try:
                # REST's row format omits the names of a single input and a single output.
                [(name, outputs)] = signature(image_bytes=tf.constant(files)).items()
            except tf.errors.InvalidArgumentError as error:
                self._reply(400, {"error": error.message})
                return
            # TF Serving uses Base64 for outputs whose names end with _bytes.
            assert name.endswith("_bytes")
            replies = [{"b64": base64.b64encode(file).decode()} for file in outputs.numpy()]
            self._reply(200, {"predictions": replies})

        def _reply(self, status, document):
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(document).encode())

        def log_message(self, *arguments):
            """Log no requests."""

    with _http_server(Handler) as address:
        yield address


@contextmanager
def other_server(body):
    """Yield HOST:PORT of a server that answers every request with the same body."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):  # noqa: N802
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            """Log no requests."""

    with _http_server(Handler) as address:
        yield address


@contextmanager
def _http_server(handler):
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def grpc_server(signatures, model):
    """Yield HOST:PORT of a server that behaves like TF Serving's gRPC port."""

    class Service(PredictionServiceServicer):
        def Predict(self, request, context):  # noqa: N802 - the protocol's name
            assert request.model_spec.name == model
            inputs = {
                name: tf.constant(tf.make_ndarray(value)) for name, value in request.inputs.items()
            }
            response = PredictResponse()
            try:
                outputs = signatures[request.model_spec.signature_name](**inputs)
            except tf.errors.InvalidArgumentError as error:
                context.abort(grpc.StatusCode.INVALID_ARGUMENT, error.message)
            for name, value in outputs.items():
                response.outputs[name].CopyFrom(tf.make_tensor_proto(value.numpy()))
            return response

    # TF Serving accepts requests of any size.
    server = grpc.server(ThreadPoolExecutor(1), options=[("grpc.max_receive_message_length", -1)])
    add_PredictionServiceServicer_to_server(Service(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(None).wait()
