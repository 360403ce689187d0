"""Seeded damage to bytes, as disks, transfers and attackers cause it."""

import zlib

import numpy as np


def damaged(content: bytes, rng: np.random.Generator) -> bytes:
    """Return the content with one or two random kinds of damage."""
    kinds = (_flip, _flip, _overwrite, _truncate, _cut_out, _insert, _repeat, _mirror, _numbers)
    for _ in range(rng.integers(1, 3)):
        content = kinds[rng.integers(len(kinds))](content, rng)
    return content


def damaged_png(content: bytes, rng: np.random.Generator) -> bytes:
    """Return a PNG file with damage inside one chunk and a correct checksum."""
    chunks, place = [], 8
    while place < len(content):
        size = int.from_bytes(content[place : place + 4])
        chunks.append((content[place + 4 : place + 8], content[place + 8 : place + 8 + size]))
        place += 12 + size
    which = rng.integers(len(chunks))
    chunks[which] = (chunks[which][0], damaged(chunks[which][1] or b"\0", rng))
    body = (
        len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)
        for kind, data in chunks
    )
    return content[:8] + b"".join(body)


def _place(content: bytes, rng: np.random.Generator) -> int:
    """Return a random offset, in half of the cases near the start, where file headers are."""
    last = max(len(content), 1)
    return int(rng.integers(last if rng.random() < 0.5 else min(last, 400)))


def _length(content: bytes, rng: np.random.Generator) -> int:
    return int(rng.integers(1, max(len(content) // 4, 2)))


def _flip(content, rng):
    changed = bytearray(content)
    for _ in range(rng.integers(1, 20)):
        if changed:
            changed[_place(content, rng)] ^= 1 << int(rng.integers(8))
    return bytes(changed)


def _overwrite(content, rng):
    start, noise = _place(content, rng), rng.bytes(rng.integers(1, 40))
    return content[:start] + noise + content[start + len(noise) :]


def _truncate(content, rng):
    return content[: _place(content, rng)]


def _cut_out(content, rng):
    start = _place(content, rng)
    return content[:start] + content[start + _length(content, rng) :]


def _insert(content, rng):
    start = _place(content, rng)
    return content[:start] + rng.bytes(rng.integers(1, 200)) + content[start:]


def _repeat(content, rng):
    start, end = _place(content, rng), _place(content, rng)
    return content[:start] + content[end : end + _length(content, rng)] + content[start:]


def _mirror(content, rng):
    start, length = _place(content, rng), _length(content, rng)
    return content[:start] + content[start : start + length][::-1] + content[start + length :]


def _numbers(content, rng):
    """Overwrite a number with an extreme size or offset."""
    extremes = (0, 1, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)
    number = extremes[rng.integers(len(extremes))]
    order = "little" if rng.random() < 0.5 else "big"
    start = _place(content, rng)
    noise = number.to_bytes(4, order) if number > 0xFFFF else number.to_bytes(2, order)
    return content[:start] + noise + content[start + len(noise) :]
