"""How soon another process sees a change: ``python -m bench.updates``."""

import subprocess
import sys
import time

import numpy as np

from bench.measure import RESULTS, write
from bench.product import start_django

CHANGES = 10
LOOK_SECONDS = 0.005


def watch() -> None:
    """Read keys of services, one a line, and say at what time each was no longer where it was."""
    from entero.directory import live
    from entero.directory.matching.rows import row_of_key

    live.directory()
    print("ready", flush=True)
    for line in sys.stdin:
        key = bytes.fromhex(line.strip())
        while True:
            part = live.directory().parts[0]
            row = row_of_key(part.index, key)
            if row is None or (part.hidden is not None and part.hidden[row]):
                break
            time.sleep(LOOK_SECONDS)
        print(time.time(), flush=True)


def measure() -> list[float]:
    from django.db import transaction

    from entero.directory import changes, live
    from entero.directory.models import Service

    live.directory()
    command = [sys.executable, "-m", "bench.updates", "watch"]
    waits = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as watcher:
        assert watcher.stdin is not None and watcher.stdout is not None  # noqa: S101, PT018
        watcher.stdout.readline()
        for service in Service.objects.public().order_by("?")[:CHANGES]:
            watcher.stdin.write(service.pk.hex + "\n")
            watcher.stdin.flush()
            time.sleep(0.3)
            with transaction.atomic():
                service.alternate_name = "changed"
                service.save()
                changes.service_changed(service.pk)
            committed = time.time()
            waits.append(float(watcher.stdout.readline()) - committed)
        watcher.stdin.close()
    return waits


def main() -> None:
    start_django()
    if sys.argv[1:] == ["watch"]:
        watch()
        return
    waits = measure()
    result = {"median_s": float(np.median(waits)), "most_s": max(waits), "changes": len(waits)}
    write(RESULTS / "product-updates.json", result)
    print(
        f"Changes: seen by another process after {result['median_s']:.2f} s, "
        f"at most {result['most_s']:.2f} s."
    )


if __name__ == "__main__":
    main()
