"""Says where the folders of the package lie; `pyproject.toml` says everything else."""

from setuptools import find_packages, setup

setup(
    packages=[
        *find_packages(include=["keras_f2a", "keras_f2a.*"]),
        "keras_f2a.export",
        *(f"keras_f2a.export.{name}" for name in find_packages("export")),
    ],
    # The exporter is a folder of its own in the repository, and part of the package once installed.
    package_dir={"keras_f2a.export": "export"},
    package_data={
        "keras_f2a": ["py.typed", "weights/*"],
        "keras_f2a.training": ["recipes/*.toml"],
        "keras_f2a.data": ["bundled_scenes/*/*.webp"],
    },
)
