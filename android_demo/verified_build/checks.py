"""Read a built package with Android's own tools and report what is wrong with it."""

import hashlib
import re
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path

from android_demo.toolchain.toolchain import run
from android_demo.verified_build.build import PACKED_ASSETS
from android_demo.verified_build.project import App

_LOCAL_HEADER_BYTES = 30
_ALIGNMENT = 4
_PAGE_BYTES = 4096


@dataclass(frozen=True)
class Facts:
    """The facts about a package, as reported by Android's tools.

    Attributes:
        signatures: The schemes with valid signatures, such as 2 and 3.
        package: Its application ID.
        minimum_sdk: The oldest Android that it runs on.
        target_sdk: The Android that it targets.
        activity: The class that the launcher starts.
        processors: ABIs of its native libraries.
        permissions: All requested permissions.
        languages: Languages of its own texts; the empty name is the default language.
        networks: Digest of each asset's bytes as stored in the package, by its name.
        unmappable_networks: Assets that are not stored uncompressed and aligned.
        unaligned_libraries: Native libraries that Android could not map directly.
        lambdas: Calls in the code that an Android of minimum_sdk might not support.
        sizes: Compressed size in bytes of each of its files.
        size: Size in bytes of the whole package.
    """

    signatures: frozenset[int]
    package: str
    minimum_sdk: int
    target_sdk: int
    activity: str
    processors: frozenset[str]
    permissions: frozenset[str]
    languages: frozenset[str]
    networks: dict[str, str]
    unmappable_networks: tuple[str, ...]
    unaligned_libraries: tuple[str, ...]
    lambdas: int
    sizes: dict[str, int]
    size: int


def read_facts(apk: Path) -> Facts:
    """Read a package.

    Raises:
        ToolchainError: A tool is missing or rejects the package.
    """
    signed = run(["apksigner", "verify", "--verbose", apk])
    badging = run(["aapt", "dump", "badging", apk])
    permissions = run(["aapt", "dump", "permissions", apk])
    code = run(["dexdump", "-d", apk])
    package = re.search(r"package: name='([^']+)'", badging)
    activity = re.search(r"launchable-activity: name='([^']+)'", badging)
    with zipfile.ZipFile(apk) as opened:
        entries = opened.infolist()
        assets = [entry for entry in entries if entry.filename.startswith(f"{PACKED_ASSETS}/")]
        networks = {
            entry.filename: hashlib.sha256(opened.read(entry)).hexdigest() for entry in assets
        }
    libraries = [entry for entry in entries if entry.filename.endswith(".so")]
    return Facts(
        signatures=frozenset(map(int, re.findall(r"using v(\d) scheme.*: true", signed))),
        package=package[1] if package else "",
        minimum_sdk=int(re.search(r"sdkVersion:'(\d+)'", badging)[1]),
        target_sdk=int(re.search(r"targetSdkVersion:'(\d+)'", badging)[1]),
        activity=activity[1] if activity else "",
        processors=frozenset(_quoted(badging, "native-code")),
        permissions=frozenset(re.findall(r"^uses-permission\S*: (.*)$", permissions, re.MULTILINE)),
        languages=frozenset(name.strip("-_") for name in _quoted(badging, "locales")),
        networks=networks,
        unmappable_networks=tuple(
            entry.filename for entry in assets if not _is_mappable(apk, entry, _ALIGNMENT)
        ),
        unaligned_libraries=tuple(
            entry.filename for entry in libraries if not _is_mappable(apk, entry, _PAGE_BYTES)
        ),
        lambdas=code.count("invoke-custom") + code.count("invoke-polymorphic"),
        sizes={entry.filename: entry.compress_size for entry in entries},
        size=apk.stat().st_size,
    )


def shortcomings(facts: Facts, app: App, networks: dict[str, str]) -> list[str]:
    """Return how a package differs from the project and the exported model; ideally nothing.

    Args:
        facts: The facts about the package.
        app: The app as the project describes it.
        networks: Digest of each file that the app contains for its model, by its packed name.
    """
    expected = {
        "package": app.package,
        "minimum_sdk": app.minimum_sdk,
        "target_sdk": app.target_sdk,
        "activity": f"{app.package}.MainActivity",
        "processors": frozenset(app.processors),
        "permissions": frozenset(),
        "networks": networks,
        "unmappable_networks": (),
        "unaligned_libraries": (),
        "lambdas": 0,
    }
    found = [
        f"{name} is {getattr(facts, name)!r}, not {value!r}"
        for name, value in expected.items()
        if getattr(facts, name) != value
    ]
    if not facts.signatures >= {2, 3}:
        found.append(f"signatures: right are only those of schemes {sorted(facts.signatures)}")
    return found


def _quoted(badging: str, name: str) -> list[str]:
    line = re.search(rf"^{name}:(.*)$", badging, re.MULTILINE)
    return re.findall(r"'([^']*)'", line[1]) if line else []


def _is_mappable(apk: Path, entry: zipfile.ZipInfo, alignment: int) -> bool:
    """Return whether an entry is stored uncompressed, at a multiple of the alignment."""
    with apk.open("rb") as file:
        file.seek(entry.header_offset)
        name_bytes, extra_bytes = struct.unpack_from("<HH", file.read(_LOCAL_HEADER_BYTES), 26)
    start = entry.header_offset + _LOCAL_HEADER_BYTES + name_bytes + extra_bytes
    return entry.compress_type == zipfile.ZIP_STORED and start % alignment == 0
