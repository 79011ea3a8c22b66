"""How long importing takes, and how much memory at most: ``python -m bench.importing FILE…``."""

import resource
import sys
import time
from pathlib import Path

from bench.measure import RESULTS, write
from bench.product import start_django


def main() -> None:
    start_django()
    from entero.directory.importing.run import import_file

    wall, cpu, rows = time.perf_counter(), time.process_time(), 0
    for name in sys.argv[1:]:
        run = import_file(Path(name))
        if run.error:
            raise SystemExit(f"{name}: {run.error}")
        rows += run.new + run.changed + run.same
    result = {
        "facilities": rows,
        "wall_s": time.perf_counter() - wall,
        "cpu_s": time.process_time() - cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
    }
    write(RESULTS / "product-import.json", result)
    print(
        f"Import: {rows:,} facilities in {result['wall_s']:.1f} s ({result['cpu_s']:.1f} CPU s), "
        f"at most {result['peak_mb']:.0f} MB."
    )


if __name__ == "__main__":
    main()
