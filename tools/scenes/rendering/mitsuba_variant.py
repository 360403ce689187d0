"""Selects the fastest Mitsuba 3 variant for this machine.

Import this module before you use anything else from Mitsuba.
"""

import contextlib
import ctypes
import os

import drjit
import mitsuba

# The compiled variant crashes with Debian's LLVM 15. We saw no crashes with 16 to 20.
_LLVM_VERSIONS = range(20, 15, -1)
_LLVM_NAMES = ("libLLVM.so.{}.1", "libLLVM-{}.so.1", "libLLVM-{}.so")


def _newest_llvm() -> str | None:
    """Return the name under which the newest usable LLVM library loads; None if there is none."""
    for version in _LLVM_VERSIONS:
        for name in _LLVM_NAMES:
            with contextlib.suppress(OSError):
                ctypes.CDLL(name.format(version))
                return name.format(version)
    return None


def select_variant() -> str:
    """Select `llvm_ad_rgb` if LLVM 16 or newer is available, otherwise `scalar_rgb`.

    The LLVM variant is about 2.5 times as fast. Set DRJIT_LIBLLVM_PATH if your LLVM library is not
    found automatically.

    Returns:
        The variant's name.
    """
    llvm = os.environ.get("DRJIT_LIBLLVM_PATH") or _newest_llvm()
    if llvm is not None:
        os.environ["DRJIT_LIBLLVM_PATH"] = llvm
    variant = "scalar_rgb" if llvm is None else "llvm_ad_rgb"
    mitsuba.set_variant(variant)
    mitsuba.set_log_level(mitsuba.LogLevel.Error)
    # One thread is enough, because `render_scenes` renders several scenes in parallel.
    drjit.set_thread_count(1)
    return variant


VARIANT = select_variant()
