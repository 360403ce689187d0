"""Plans what is left to correct in an archive, from listings instead of a query for each file."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from keras_f2a.correction.folder_contents import Ignored, hidden_part, is_photo_name, photos_among
from keras_f2a.correction.folders import Failure
from keras_f2a.correction.photo_task import collision_message, fold_case, png_of, result_name
from keras_f2a.distributed.locations import canonical_location, is_remote
from keras_f2a.distributed.stores import ignores_case, open_folder
from keras_f2a.support.errors import InputError
from keras_f2a.support.folders import check_not_empty
from keras_f2a.support.printable import printable

Key = Callable[[str], str]
"""Maps all names of the same file to one key."""
Listing = tuple[list[str], list[Failure]]
"""The return value of `Folder.list_files`."""


@dataclass(frozen=True)
class Source:
    """A folder or a single photograph that the user named.

    Attributes:
        folder: Location of the folder with the photographs.
        only: Name of the single photograph, or `None` for all in the folder.
    """

    folder: str
    only: str | None = None

    def shown(self, name: str) -> str:
        """Return a photograph's full path for messages."""
        return f"{self.folder.rstrip('/')}/{name}"


@dataclass
class ArchivePlan:
    """The photographs to correct.

    Attributes:
        sources: The folders and photographs that the user named.
        names: For each source, the sorted names of the photographs to correct.
        finished: How many photographs already have a result.
        taken: PNG alternatives of JPEG targets that are the targets of other photographs.
        failures: Photographs that are known to fail before any is read.
        ignored: Other files that were found with the photographs.
    """

    sources: list[Source]
    names: list[list[str]] = field(default_factory=list)
    finished: int = 0
    taken: set[str] = field(default_factory=set)
    failures: list[Failure] = field(default_factory=list)
    ignored: Ignored = field(default_factory=Ignored)

    @property
    def left(self) -> int:
        """How many photographs are left to correct."""
        return sum(map(len, self.names))

    def chunks(self, size: int) -> Iterator[tuple[int, list[str]]]:
        """Yield (index of the source, names) for at most `size` photographs each."""
        for source, names in enumerate(self.names):
            for start in range(0, len(names), size):
                yield source, names[start : start + size]


def list_sequentially(locations: list[str]) -> list[Listing]:
    """List folders one after another in this process."""
    return [open_folder(location).list_files() for location in locations]


def find_sources(entries: Sequence[str], output: str) -> list[Source]:
    """Return the sources that the user named, before any of them is listed.

    Args:
        entries: Folders and single photographs, paths or URLs.
        output: The folder for the results, a path or a URL.

    Raises:
        InputError: A source does not exist, or the output overlaps with one.
    """
    sources = [_source(entry) for entry in entries]
    _check_output(sources, output)
    return sources


def plan_archive(
    sources: list[Source],
    output: str,
    *,
    force: bool = False,
    list_folders: Callable[[list[str]], list[Listing]] = list_sequentially,
) -> ArchivePlan:
    """List the sources and the output, and compare them.

    Each photograph keeps its path relative to its source. A photograph with a result counts as
    finished unless `force` is set. If several photographs have the same target, only the first one
    is corrected, in the order of the sources and then of the names.

    Args:
        sources: The sources from `find_sources`.
        output: The folder for the results, a path or a URL.
        force: Also correct finished photographs.
        list_folders: Function that lists folders.

    Raises:
        InputError: A source has no photographs, or cannot be listed.
    """
    plan = ArchivePlan(sources)
    folders = [source.folder for source in plan.sources if source.only is None]
    *listings, results = list_folders([*folders, output])
    source_listings = iter(listings)
    names = [_photo_names(source, source_listings, plan) for source in plan.sources]
    key = fold_case if ignores_case(output) else str
    names = _with_unique_targets(plan, names, key)
    targets = {key(result_name(name)) for source_names in names for name in source_names}
    finished = frozenset() if force else frozenset(map(key, results[0]))
    for source_names in names:
        remaining = [
            name for name in source_names if not _is_done(name, finished, targets=targets, key=key)
        ]
        plan.names.append(remaining)
        plan.finished += len(source_names) - len(remaining)
        alternatives = (png_of(result_name(name)) for name in remaining)
        plan.taken.update(png for png in alternatives if png and key(png) in targets)
    return plan


def _source(entry: str) -> Source:
    if not entry:
        raise InputError("'': is empty; name a photograph or folder, or . for the current folder")
    if is_remote(entry):
        folder, _, name = entry.rpartition("/")
        is_single = is_photo_name(name) and open_folder(folder).exists(name)
    elif os.path.exists(entry):  # noqa: PTH110
        folder, name = os.path.split(entry)  # noqa: PTH206
        folder = folder or "."
        is_single = not os.path.isdir(entry)  # noqa: PTH112
    else:
        raise InputError("there is no such photograph or folder", file=entry)
    return Source(folder, name) if is_single else Source(entry)


def _check_output(sources: list[Source], output: str) -> None:
    """Reject an output that overlaps the sources, because results would be corrected again."""
    check_not_empty(output, "output")
    if os.path.isfile(output):  # noqa: PTH113
        raise InputError("is a file; name a folder for the results", setting="output", value=output)
    output_path = canonical_location(output).rstrip("/") + "/"
    for source in sources:
        source_path = canonical_location(source.folder).rstrip("/") + "/"
        is_nested = output_path.startswith(source_path) or source_path.startswith(output_path)
        if output_path == source_path or (is_nested and source.only is None):
            raise InputError(
                f"overlaps with {printable(source.folder)}; name a folder outside of the sources",
                setting="output",
                value=output,
            )


def _photo_names(source: Source, listings: Iterator[Listing], plan: ArchivePlan) -> list[str]:
    """Return the sorted names of a source's photographs. Invalid names become failures."""
    names, failures = ([source.only], []) if source.only is not None else next(listings)
    photos = []
    if source.only is None:
        photos = sorted(photos_among(names, plan.ignored, source.folder))
        inner = [os.path.relpath(path, source.folder) for path, _ in failures]
        failures = [
            failure for failure, name in zip(failures, inner, strict=True) if not hidden_part(name)
        ]
    if not photos and not failures and source.only is None:
        raise InputError("contains no JPEG, PNG, WebP or HEIC file", file=source.folder)
    plan.failures += failures
    valid = []
    for name in photos if source.only is None else names:
        # `a/../../b.jpg` is a valid name in an object store. On disk it would leave the folder.
        if {"", ".", ".."} & set(name.split("/")) or "\0" in name:
            plan.failures.append((source.shown(name), "is not a valid file name; rename it"))
        else:
            valid.append(name)
    return valid


def _with_unique_targets(plan: ArchivePlan, names: list[list[str]], key: Key) -> list[list[str]]:
    """Return the names with a unique target. Later names with the same target become failures.

    A photograph that is named several times, for example by its name and by its folder's, counts
    once.
    """
    targets: set[str] = set()
    unique: list[list[str]] = []
    duplicates = []
    for source, source_names in zip(plan.sources, names, strict=True):
        unique.append([])
        for name in source_names:
            target = key(result_name(name))
            if target in targets:
                duplicates.append((source, name, target))
            else:
                targets.add(target)
                unique[-1].append(name)
    if duplicates:
        contested = {target for _, _, target in duplicates}
        first_photo = {
            target: source.shown(name)
            for source, source_names in zip(plan.sources, unique, strict=True)
            for name in source_names
            if (target := key(result_name(name))) in contested
        }
        for source, name, target in duplicates:
            path, first = source.shown(name), first_photo[target]
            if canonical_location(path) != canonical_location(first):
                plan.failures.append((path, collision_message(result_name(name), first)))
    return unique


def _is_done(name: str, finished: frozenset[str], *, targets: set[str], key: Key) -> bool:
    """Return whether a result exists. A PNG counts for a JPEG unless it is another's target."""
    target = result_name(name)
    if key(target) in finished:
        return True
    png = png_of(target)
    return png is not None and key(png) in finished and key(png) not in targets
