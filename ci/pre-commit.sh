#!/usr/bin/env bash
# Runs a tool (validate or test) over a policy, for pre-commit: pre-commit.sh TOOL POLICY
set -euo pipefail
POSTERN_HOME=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
export POSTERN_HOME POSTERN_COMMAND=${1:-} POSTERN_POLICY=${2:-policies} POSTERN_FORMAT=text
# What npm prints belongs to a first run only.
"$POSTERN_HOME/ci/install.sh" >&2
exec "$POSTERN_HOME/ci/run.sh"
