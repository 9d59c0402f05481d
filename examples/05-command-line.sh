#!/usr/bin/env bash
# A shot through the command, as a farm would run it: JSON events, stable names, exit codes.
set -euo pipefail
cd "$(dirname "$0")/.."
rotokit() { node packages/rotokit/dist/command/main.js "$@"; }
out=out/examples/05
rm -rf "$out"

click=$(npx tsx examples/print-sample-click.ts)
rotokit roto packages/rotokit/sample/fox.mp4 --object fox --click "$click" --range 1001-1010 --as exr,png -o "$out" --json 2>"$out.events" | head -c 300
echo
grep -c '"event":"frame"' "$out.events"
rotokit review "$out/fox.roto"
rotokit history "$out/fox.roto"
