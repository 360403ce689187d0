"""Selects the variant of Mitsuba 3 that renders fastest on this machine.

Import this module before anything else of Mitsuba is used.
"""

import contextlib
import ctypes
import os

import drjit
import mitsuba

# With Debian's LLVM 15 the compiled variant crashes; 16 to 20 were not seen to.
_LLVM_VERSIONS = range(20, 15, -1)
_LLVM_NAMES = ("libLLVM.so.{}.1", "libLLVM-{}.so.1", "libLLVM-{}.so")


def _newest_llvm() -> str | None:
    """Name under which the newest usable LLVM library loads; None if there is none."""
    for version in _LLVM_VERSIONS:
        for name in _LLVM_NAMES:
            with contextlib.suppress(OSError):
                ctypes.CDLL(name.format(version))
                return name.format(version)
    return None


def select_variant() -> str:
    """Select `llvm_ad_rgb`, about 2.5 times as fast, where LLVM 16 or newer is, else `scalar_rgb`.

    DRJIT_LIBLLVM_PATH names an LLVM library that is not found by itself.

    Returns:
        The variant's name.
    """
    llvm = os.environ.get("DRJIT_LIBLLVM_PATH") or _newest_llvm()
    if llvm is not None:
        os.environ["DRJIT_LIBLLVM_PATH"] = llvm
    variant = "scalar_rgb" if llvm is None else "llvm_ad_rgb"
    mitsuba.set_variant(variant)
    mitsuba.set_log_level(mitsuba.LogLevel.Error)
    # `render_scenes` renders several scenes at a time instead.
    drjit.set_thread_count(1)
    return variant


VARIANT = select_variant()
