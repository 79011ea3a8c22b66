#!/usr/bin/env bash
# Find uv, or install it into a folder of its own. Needs Python 3.11 or newer with venv.
set -euo pipefail
cd "$(dirname "$0")/.."
python3 - <<'PY' || { echo "Entero needs Python 3.11 or newer as python3." >&2; exit 1; }
import sys
sys.exit(sys.version_info < (3, 11))
PY
command -v uv >/dev/null && exit 0
[ -x .uv/bin/uv ] && exit 0
if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
    else
        echo "Install Python's venv first: sudo apt install python3-venv" >&2
        exit 1
    fi
fi
python3 -m venv .uv
.uv/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.8'
