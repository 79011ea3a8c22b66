#!/usr/bin/env bash
# Run the whole suite on each database that is named: sqlite, postgres.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/get-chromium.sh
databases=("$@")
for database in "${databases[@]}"; do
    case "$database" in
        sqlite)
            echo "== the suite on SQLite"
            .venv/bin/python -m pytest -n "${TEST_PROCESSES:-auto}" -q
            ;;
        postgres)
            echo "== the migrations and the suite on PostgreSQL"
            scripts/with-postgres.sh scripts/on-postgres.sh
            ;;
        *)
            echo "Unknown database $database: use sqlite or postgres." >&2
            exit 2
            ;;
    esac
done
