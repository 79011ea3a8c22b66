#!/usr/bin/env bash
# Find a Chromium for the browser journeys, or install Debian's; say what to do when neither works.
set -euo pipefail
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null && exit 0
done
[ -x "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && apt-get install -y -qq chromium fonts-noto-core >/dev/null && exit 0
fi
cat >&2 <<'MSG'
The browser journeys need Chromium, and it is not here. Install it, then run the same command again:
  Debian:  sudo apt install chromium
  Ubuntu:  sudo snap install chromium
  macOS:   brew install --cask google-chrome
MSG
exit 1
