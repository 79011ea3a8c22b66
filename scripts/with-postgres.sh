#!/usr/bin/env bash
# Run a command beside a PostgreSQL of its own, on a private port of this machine, and end it after.
set -euo pipefail
find_bin() {
    local folder
    for folder in $(ls -d /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql@*/bin 2>/dev/null | sort -rV) \
        "$(dirname "$(command -v postgres || echo /none/postgres)")"; do
        if [ -x "$folder/initdb" ] && [ -x "$folder/pg_isready" ]; then
            echo "$folder"
            return
        fi
    done
}
bin=$(find_bin)
if [ -z "$bin" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && apt-get install -y -qq postgresql >/dev/null
    bin=$(find_bin)
fi
if [ -z "$bin" ]; then
    cat >&2 <<'MSG'
The suite also runs on PostgreSQL 15 or newer, and it is not here. Install it, then run the same command again:
  Debian, Ubuntu:  sudo apt install postgresql
  macOS:           brew install postgresql@16
To test on SQLite alone: make test DATABASES=sqlite
MSG
    exit 1
fi
home=$(mktemp -d)
as=()
if [ "$(id -u)" = 0 ]; then
    chown postgres "$home"
    as=(setpriv --reuid=postgres --regid=postgres --clear-groups)
fi
locale=C.UTF-8
[ "$(uname)" = Darwin ] && locale=en_US.UTF-8
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
(cd / && ${as[@]+"${as[@]}"} "$bin/initdb" -D "$home/data" -U entero --auth=trust -E UTF8 --locale="$locale" >/dev/null)
(cd / && exec ${as[@]+"${as[@]}"} "$bin/postgres" -D "$home/data" -p "$port" -k "$home" -c listen_addresses=127.0.0.1 \
    -c fsync=off -c full_page_writes=off -c synchronous_commit=off >"$home/log" 2>&1) &
server=$!
trap 'kill -INT $server 2>/dev/null || true; wait $server 2>/dev/null || true; rm -rf "$home"' EXIT
for _ in $(seq 100); do
    "$bin/pg_isready" -q -h 127.0.0.1 -p "$port" && break
    kill -0 $server 2>/dev/null || { cat "$home/log" >&2; exit 1; }
    sleep 0.1
done
"$bin/createdb" -h 127.0.0.1 -p "$port" -U entero entero
ENTERO_DATABASE_URL="postgres://entero@127.0.0.1:$port/entero" "$@"
