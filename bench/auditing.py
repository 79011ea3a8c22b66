"""How long the gender-flip audit of 1,000 profiles takes: ``python -m bench.auditing``."""

import time

from bench.measure import RESULTS, write
from bench.product import start_django

PROFILES = 1_000


def main() -> None:
    start_django()
    from django.utils import timezone

    from entero.directory import live
    from entero.directory.matching.audit import compare, flip_gender, seeded_profiles

    directory = live.directory()
    profiles = seeded_profiles(PROFILES, 1, timezone.localdate())
    wall, cpu = time.perf_counter(), time.process_time()
    compare(directory, profiles, flip_gender)
    result = {
        "services": directory.n,
        "wall_s": time.perf_counter() - wall,
        "cpu_s": time.process_time() - cpu,
    }
    write(RESULTS / "product-audit.json", result)
    print(
        f"Audit: {PROFILES:,} profiles, each flipped, over {directory.n:,} services "
        f"in {result['wall_s']:.1f} s ({result['cpu_s']:.1f} CPU s)."
    )


if __name__ == "__main__":
    main()
