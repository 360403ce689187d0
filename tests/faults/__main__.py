"""`python -m tests.faults`: thousands of generated faults, and a table of what went wrong."""

import argparse
import math
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # like the commands and the tests

from tests.faults.suite import CLASSES, SHARES, make_workshop, run_case  # noqa: E402
from tests.faults.verdict import KINDS, Fault  # noqa: E402


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the cases, print the table, and return 1 if anything went wrong."""
    parser = argparse.ArgumentParser(prog="tests.faults", description=__doc__)
    parser.add_argument("--cases", type=int, default=2000, help="(default: 2000)")
    parser.add_argument("--seed", type=int, default=0, help="(default: 0)")
    parser.add_argument("--only", nargs=2, metavar=("CLASS", "NUMBER"), help="one case again")
    parser.add_argument("--skip", type=int, default=0, help="cases that an earlier run did")
    parser.add_argument("--workers", type=int, default=2, help="cases at a time (default: 2)")
    parser.add_argument("--timeout", type=float, default=120, help="seconds (default: 120)")
    options = parser.parse_args(arguments)
    cases = planned(options.cases)[options.skip :]
    if options.only:
        cases = [(options.only[0], int(options.only[1]))]
    found: dict[str, list[Fault]] = {name: [] for name in CLASSES}
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(options.workers) as pool:
        shop = make_workshop(Path(folder))

        def run(case: tuple[str, int]) -> list[Fault]:
            return run_case(*case, shop, seed=options.seed, timeout=options.timeout)

        for done, (case, faults) in enumerate(zip(cases, pool.map(run, cases), strict=True), 1):
            found[case[0]] += faults
            for fault in faults:
                print(f"{case[0]} {case[1]}: {fault.kind}: {fault.text}", flush=True)
            if done % 100 == 0:
                done += options.skip
                print(f"{done} of {options.cases} cases", file=sys.stderr, flush=True)
    print(table(Counter(name for name, _ in cases), found))
    return int(any(found.values()))


def planned(count: int) -> list[tuple[str, int]]:
    """Return this many cases, interleaved so that each class gets its share."""
    rounds = math.ceil(count / sum(SHARES.values()))
    places = {
        (name, number): (number + 1) / share
        for name, share in SHARES.items()
        for number in range(math.ceil(share * rounds))
    }
    return sorted(places, key=places.get)[:count]


def table(cases: dict[str, int], found: dict[str, list[Fault]]) -> str:
    """Return a table with one row for each class and one for the total."""
    heads = ("class", "cases", *KINDS)
    rows = []
    for name, faults in found.items():
        kinds = Counter(fault.kind for fault in faults)
        rows.append([name, cases.get(name, 0), *(kinds[kind] for kind in KINDS)])
    rows.append(["all", *map(sum, zip(*(row[1:] for row in rows), strict=True))])
    lines = [f"{heads[0]:<20}" + "".join(f"{head:>20}" for head in heads[1:])]
    lines += [f"{row[0]:<20}" + "".join(f"{value:>20}" for value in row[1:]) for row in rows]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
