#!/usr/bin/env bash
# Makes the pictures of the documentation again: docs/images/traversal.png and dashboard.png. step.svg is drawn by hand.
#   docs/images/make.sh            needs Chromium (CHROMIUM=/path/to/it where it has another name); takes about a minute
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd -P)
images=$root/docs/images
chromium=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
[ -n "$chromium" ] || { echo 'Chromium was not found; install it or set CHROMIUM' >&2; exit 1; }
work=$(mktemp -d)
server=
cleanup() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT

cd "$work"
"$root/vaecluster" quickstart --out "$work/runs/001-quickstart"
"$root/vaecluster" traverse "$work/runs/001-quickstart" --steps 9 --out "$images/traversal.png"

port=5987
"$root/vaecluster" serve --runs "$work/runs" --urls "http://127.0.0.1:$port" &
server=$!
url=http://127.0.0.1:$port
until curl -fs "$url/health/ready" >/dev/null 2>&1; do kill -0 "$server"; sleep 0.2; done
"$chromium" --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --hide-scrollbars \
    --user-data-dir="$work/chromium" --window-size=1280,1180 --timeout=8000 --screenshot="$images/dashboard.png" \
    "$url/#/runs/001-quickstart" >"$work/chromium.log" 2>&1 || { cat "$work/chromium.log" >&2; exit 1; }
echo "$images/traversal.png $images/dashboard.png"
