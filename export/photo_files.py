"""Checks, decodes, corrects and encodes JPEG and PNG files inside a TensorFlow graph."""

import tensorflow as tf

JPEG_QUALITY = 95
_JPEG_SIGNATURE = b"\xff\xd8\xff"
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_HEADER_LENGTH = 24  # bytes, to the end of width and height


def correct_file(network, file: tf.Tensor, *, index: tf.Tensor, max_pixels: int) -> tf.Tensor:
    """Correct one encoded photograph.

    Args:
        network: Takes and returns float32 RGB in [0, 1], (1, height, width, 3).
        file: A JPEG or PNG file as a string. Its EXIF orientation is not applied.
        index: Index in the batch, for errors.
        max_pixels: Maximum number of pixels.

    Returns:
        The corrected photograph in the same format, 8-bit RGB, without metadata.

    Raises:
        tf.errors.InvalidArgumentError: When the graph runs, if the file is neither JPEG nor PNG, is
            damaged, or has too many pixels. The message names `index`.
    """
    is_jpeg = _starts_with(file, _JPEG_SIGNATURE)
    is_png = _starts_with(file, _PNG_SIGNATURE)
    problem = "is neither a JPEG nor a PNG file"
    with tf.control_dependencies([_check(is_jpeg | is_png, index, problem)]):
        size = _read_or_default(file, lambda file: _size(file, is_jpeg), tf.zeros((2,), tf.int64))
    large = f"is larger than {max_pixels} pixels"
    checks = [
        _check(tf.reduce_all(size > 0), index, "is damaged"),
        # Multiply as floats, because a damaged header may overflow integers.
        _check(tf.reduce_prod(tf.cast(size, tf.float64)) <= max_pixels, index, large),
    ]
    with tf.control_dependencies(checks):
        image = _read_or_default(
            file, lambda file: _decode(file, is_jpeg), tf.zeros((0, 0, 3), tf.uint8)
        )
    with tf.control_dependencies([_check(tf.size(image) > 0, index, "is damaged")]):
        flash = tf.cast(image, tf.float32)[tf.newaxis] / 255.0
    ambient = network(flash, training=False)[0]
    # Round half up, so that a float of k/255 becomes k.
    pixels = tf.cast(tf.clip_by_value(ambient, 0.0, 1.0) * 255.0 + 0.5, tf.uint8)
    return tf.cond(
        is_jpeg,
        lambda: tf.io.encode_jpeg(pixels, quality=JPEG_QUALITY, chroma_downsampling=False),
        lambda: tf.io.encode_png(pixels),
    )


def _read_or_default(file: tf.Tensor, read, default: tf.Tensor) -> tf.Tensor:
    """Return the result of `read` for a file, or `default` if it fails.

    A graph cannot catch an operator's error, but a dataset can skip the element that caused it.
    """
    readable = tf.data.Dataset.from_tensors(file).map(read).ignore_errors()
    return readable.reduce(default, lambda _, result: result)


def _size(file: tf.Tensor, is_jpeg: tf.Tensor) -> tf.Tensor:
    """Return the height and width in the header, int64 (2,), without decoding the image."""
    return tf.cond(
        is_jpeg,
        lambda: tf.cast(tf.io.extract_jpeg_shape(file)[:2], tf.int64),
        lambda: _png_size(file),
    )


def _png_size(file: tf.Tensor) -> tf.Tensor:
    """Return the height and width. The first chunk has width and height as big-endian uint32."""
    header = tf.strings.substr(file, _PNG_HEADER_LENGTH - 8, 8)
    numbers = tf.reshape(tf.cast(tf.io.decode_raw(header, tf.uint8), tf.int64), (2, 4))
    width_and_height = tf.reduce_sum(numbers * (1 << 24, 1 << 16, 1 << 8, 1), axis=1)
    return tf.reverse(width_and_height, axis=[0])


def _decode(file: tf.Tensor, is_jpeg: tf.Tensor) -> tf.Tensor:
    return tf.cond(
        is_jpeg,
        # Match the results of other decoders. TensorFlow's default is faster but less accurate.
        lambda: tf.io.decode_jpeg(file, channels=3, dct_method="INTEGER_ACCURATE"),
        lambda: tf.io.decode_png(file, channels=3),
    )


def _starts_with(file: tf.Tensor, signature: bytes) -> tf.Tensor:
    return tf.strings.substr(file, 0, len(signature)) == signature


def _check(condition: tf.Tensor, index: tf.Tensor, problem) -> tf.Operation:
    message = tf.strings.format("image_bytes: item {} ", index) + problem
    return tf.debugging.Assert(condition, [message])
