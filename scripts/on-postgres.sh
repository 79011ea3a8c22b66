#!/usr/bin/env bash
# Prepare a fresh PostgreSQL through the migrations, as an operator does, then run the suite on it.
set -euo pipefail
cd "$(dirname "$0")/.."
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
ENTERO_DATA_DIR="$home" .venv/bin/entero init --no-input
.venv/bin/python -m pytest -n "${TEST_PROCESSES:-auto}" -q
