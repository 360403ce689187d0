"""The registry of the metrics of `evaluate`, which every table, page and file reads.

To add a metric, add an entry to the list below. Its function may live in a file of its own. From
outside the package, call `register`:

    from keras_f2a.evaluation.metrics import Metric, register

    register(Metric("red", "mean of red", "Red", 2, lambda result: result.output[..., 0].mean()))
"""

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass

from keras_f2a.evaluation import appearance, light, protocol
from keras_f2a.evaluation.result import Result
from keras_f2a.evaluation.shadows import shadow_error

APPEARANCE = "appearance"
"""The table of how a result looks next to the flash photograph."""
LIGHT = "light"
"""The table of the light apart from exposure and white balance."""
PROTOCOL = "protocol"
"""The table of the authors' scores against the ambient photograph."""


@dataclass(frozen=True)
class Metric:
    """A number that describes a result.

    Attributes:
        name: Key in `results.json`.
        text: Description in one line.
        heading: Heading of the table column.
        digits: Number of decimals in tables.
        compute: Returns the number for a `Result`, or nan where it is not defined.
        table: Table with the metric's column: `APPEARANCE`, `LIGHT` or `PROTOCOL`.
        compared: Whether the table also shows the difference from the baseline.
        always: Whether to show the column even if the metric is not defined for any image.
        at_least: A mean below this causes a warning.
        at_most: A mean above this causes a warning.
        warning: What viewers see in such a case.
        tolerance: How much worse the mean of an exported file may be than that of its source
            network. Without `at_least` and `at_most`, how much it may differ. If `None`, the gates
            of `export` ignore the metric.
    """

    name: str
    text: str
    heading: str
    digits: int
    compute: Callable[[Result], float]
    _: KW_ONLY
    table: str = LIGHT
    compared: bool = False
    always: bool = True
    at_least: float | None = None
    at_most: float | None = None
    warning: str = ""
    tolerance: float | None = None

    def warns_of(self, mean: float) -> str | None:
        """Return a warning about a mean, rounded as in the tables, or `None` if it is fine."""
        rounded = round(mean, self.digits)
        if self.at_least is not None and rounded < self.at_least:
            bound = f"below {self.at_least:.{self.digits}f}"
        elif self.at_most is not None and rounded > self.at_most:
            bound = f"above {self.at_most:.{self.digits}f}"
        else:
            return None
        return f"{self.text} is {rounded:.{self.digits}f}, {bound}; {self.warning}"

    def tolerates(self, change: float) -> bool:
        """Return whether exporting may change the mean by this much.

        `change` is the exported file's mean minus the network's. A metric without a tolerance
        allows any change. Every other metric rejects nan.
        """
        if self.tolerance is None:
            return True
        if self.at_least is not None:
            return change >= -self.tolerance
        if self.at_most is not None:
            return change <= self.tolerance
        return abs(change) <= self.tolerance


METRICS: dict[str, Metric] = {}
"""All metrics by name, in the order of the columns."""


def register(metric: Metric) -> None:
    """Add a metric after the others, or replace the one with the same name."""
    METRICS[metric.name] = metric


for _metric in (
    Metric(
        "contrast_kept",
        "contrast relative to the flash photograph",
        "Contrast / flash",
        2,
        appearance.contrast,
        table=APPEARANCE,
        at_least=0.95,
        warning="viewers find such pictures flat",
        tolerance=0.02,
    ),
    Metric(
        "near_black_rise",
        "rise of near-blacks",
        "Near-blacks: rise",
        3,
        appearance.near_black_rise,
        table=APPEARANCE,
        at_most=0.02,
        warning="viewers see a veil over blacks",
        tolerance=0.005,
    ),
    Metric(
        "face_kept",
        "face brightness relative to the flash photograph",
        "Faces / before",
        2,
        appearance.face_brightness,
        table=APPEARANCE,
        at_least=1.0,
        warning="viewers reject darkened faces",
        tolerance=0.02,
    ),
    Metric(
        "blotches",
        "blotches on flat surfaces (standard deviation of the log change's detail)",
        "Blotches",
        3,
        appearance.blotches,
        table=APPEARANCE,
        at_most=0.015,
        warning="viewers see patches on walls",
        tolerance=0.005,
    ),
    Metric(
        "brightness_kept",
        "mean brightness relative to the flash photograph",
        "Brightness / flash",
        2,
        appearance.brightness,
        table=APPEARANCE,
        tolerance=0.02,
    ),
    Metric(
        "psnr_aligned",
        "PSNR in dB after one least-squares gain for each channel",
        "PSNR, aligned (dB)",
        2,
        light.aligned_psnr,
        compared=True,
    ),
    Metric(
        "ssim_aligned",
        "SSIM of luma after one least-squares gain for each channel",
        "SSIM, aligned",
        4,
        light.aligned_ssim,
        compared=True,
    ),
    Metric(
        "brightness",
        "mean luma relative to the ambient photograph",
        "Brightness / ambient",
        2,
        light.brightness,
    ),
    Metric(
        "contrast",
        "standard deviation of luma relative to the ambient photograph",
        "Contrast / ambient",
        2,
        light.contrast,
    ),
    Metric(
        "white_level",
        "mean value where the flash image is 245 or more in all channels",
        "Near-white: level",
        0,
        light.white_level,
    ),
    Metric(
        "white_cast",
        "mean red minus blue where the flash image is 245 or more in all channels",
        "red − blue",
        0,
        light.white_cast,
    ),
    Metric(
        "without_flash",
        "PSNR in dB between the ambient photograph and the result when it is the input",
        "Without flash: PSNR (dB)",
        1,
        light.without_flash,
        always=False,
    ),
    Metric(
        "shadow_error",
        "mean absolute difference of luma (0 to 255) in the flash's shadows, after one "
        "least-squares gain for each channel",
        "Flash shadows: error",
        1,
        shadow_error,
        always=False,
    ),
    Metric(
        "psnr",
        "PSNR in dB over all RGB values, 8 bit by truncation (authors' protocol)",
        "PSNR (dB)",
        2,
        lambda result: protocol.psnr(result.truncated, result.pair.target),
        table=PROTOCOL,
        compared=True,
    ),
    Metric(
        "ssim",
        "SSIM of Pillow's luma, scikit-image's defaults, truncation (authors' protocol)",
        "SSIM",
        4,
        lambda result: protocol.ssim(result.truncated, result.pair.target),
        table=PROTOCOL,
        compared=True,
    ),
    Metric(
        "psnr_rounded",
        "PSNR in dB over all RGB values, 8 bit by rounding",
        "PSNR, rounded (dB)",
        2,
        lambda result: protocol.psnr(result.rounded, result.pair.target),
        table=PROTOCOL,
    ),
    Metric(
        "ssim_gaussian",
        "SSIM averaged over R, G and B, Gaussian window of sigma 1.5, rounding",
        "SSIM, Gaussian RGB",
        4,
        lambda result: protocol.ssim_gaussian(result.rounded, result.pair.target),
        table=PROTOCOL,
    ),
):
    register(_metric)
