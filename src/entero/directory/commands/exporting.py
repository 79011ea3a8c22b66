"""``entero directory export``: all that is public, to disk."""

import argparse
import sys
from pathlib import Path

from entero.directory.hsds.export import Format, TargetRefused
from entero.directory.hsds.export import export as write


def export(options: argparse.Namespace) -> int:
    """Write the export and say what it holds; 1 when the target cannot be written to."""
    try:
        count = write(Path(options.target), Format(options.format))
    except TargetRefused as refused:
        print(f"entero: {refused.say}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"entero: {options.target} could not be written: {error.strerror}.", file=sys.stderr)
        return 1
    print(f"{count} services written to {options.target}.")
    return 0
