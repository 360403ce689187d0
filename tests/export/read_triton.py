"""Reads a model's configuration and makes a request with Triton's own client.

    python read_triton.py CONFIG.pbtxt IMAGE.json BODY

It prints the configuration as JSON. It writes the request that the client would send to BODY.json
(JSON protocol) and BODY.bin (binary protocol). IMAGE.json contains an image as nested lists.
"""

import json
import sys
from pathlib import Path

import numpy as np
import tritonclient.http as http
from google.protobuf import json_format, text_format
from tritonclient.grpc import model_config_pb2

config, image, body = sys.argv[1:]
parsed = text_format.Parse(Path(config).read_text(), model_config_pb2.ModelConfig())
print(json.dumps(json_format.MessageToDict(parsed, preserving_proto_field_name=True)))
pixels = np.array(json.loads(Path(image).read_text()), np.float32)
for name, binary in (("json", False), ("bin", True)):
    source = http.InferInput("flash", list(pixels.shape), "FP32")
    source.set_data_from_numpy(pixels, binary_data=binary)
    result = http.InferRequestedOutput("ambient", binary_data=binary)
    content, length = http.InferenceServerClient.generate_request_body([source], outputs=[result])
    Path(f"{body}.{name}").write_bytes(content)
    Path(f"{body}.{name}.length").write_text(str(length))
