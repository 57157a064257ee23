#!/usr/bin/env bash
# Builds the tools in the folder POSTERN_HOME, a checkout of Postern, unless they are built.
set -euo pipefail
cd -- "${POSTERN_HOME:?}"
[[ -f dist/dev/postern.mjs ]] && exit 0
npm ci --no-audit --no-fund
node scripts/build.mjs
