"""Lists the optional packages and the extras that install them."""

_EXTRAS = {
    "cv2": ("evaluate", "train", "export", "tools", "pytorch"),
    "fsspec": ("ray",),
    "h5py": ("train", "export", "pytorch"),
    "huggingface_hub": ("hub",),
    "keras": ("train", "export", "pytorch"),
    "litert_quantizer": ("export",),
    "mitsuba": ("tools",),
    "onnx": ("onnx", "export"),
    "onnxruntime": ("onnx", "export"),
    "pillow_heif": ("heic",),
    "prometheus_client": ("server",),
    "pyoidn": ("tools",),
    "rawpy": ("raw",),
    "ray": ("ray",),
    "s3fs": ("ray",),
    "scipy": ("evaluate", "train", "export", "tools", "pytorch"),
    "skimage": ("evaluate", "train", "export", "tools", "pytorch"),
    "starlette": ("server",),
    "tensorboard": ("train", "export"),
    "tensorflow": ("train", "export", "pytorch"),
    "tensorflow_model_optimization": ("export",),
    "tensorflow_serving": ("export",),
    "tf_keras": ("export",),
    "tf2onnx": ("export",),
    "uvicorn": ("server",),
    "watchfiles": ("server",),
}


def install_hint(module: str | None, extra: str | None = None) -> str | None:
    """Return the message about a missing module.

    Args:
        module: Its full name.
        extra: The extra of the command that needs it.

    Returns:
        One line that names the extra, or `None` if no extra installs the module.
    """
    name = (module or "").split(".")[0]
    extras = _EXTRAS.get(name, ())
    if not extras:
        return None
    if extra not in extras:
        extra = extras[0]
    return f"this needs the package {name}, which is missing: pip install 'keras_f2a[{extra}]'"
