"""Declares the package folders and the C extension. Everything else is in `pyproject.toml`."""

from setuptools import Extension, find_packages, setup
from setuptools.command.build_ext import build_ext


class BuildExtension(build_ext):
    """Builds the C extension so that its results are bit-identical to NumPy's."""

    def build_extension(self, ext: Extension) -> None:
        """Compile without fused multiply-add, which rounds only once."""
        if self.compiler.compiler_type != "msvc":
            ext.extra_compile_args = ["-O3", "-ffp-contract=off"]
        super().build_extension(ext)


setup(
    packages=[
        *find_packages(include=["keras_f2a", "keras_f2a.*"]),
        "keras_f2a.export",
        *(f"keras_f2a.export.{name}" for name in find_packages("export")),
    ],
    # The exporter is a top-level folder in the repository and is installed as part of the package.
    package_dir={"keras_f2a.export": "export"},
    package_data={
        "keras_f2a": ["py.typed", "weights/*"],
        "keras_f2a.training": ["recipes/*.toml"],
        "keras_f2a.data": ["bundled_scenes/*/*.webp"],
    },
    # Optional, so the package also installs without a compiler. NumPy then does the same work.
    ext_modules=[
        Extension(
            "keras_f2a.correction._row_kernel",
            ["keras_f2a/correction/row_kernel.c"],
            py_limited_api=True,
            optional=True,
        )
    ],
    cmdclass={"build_ext": BuildExtension},
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
