#!/usr/bin/env bash
# Runs one tool with arguments from environment variables, and writes the step's outputs if GITHUB_OUTPUT is set.
# Exits as the tool does, but with 0 if `simulate` finds changes: a plan is no failure.
set -euo pipefail

format=${POSTERN_FORMAT:-github}
policy=${POSTERN_POLICY:-policies}
id=${POSTERN_ID:-}
# A path or an id never becomes an option such as --help, with which every tool succeeds.
if [[ $policy == -* ]]; then policy=./$policy; fi
if [[ ${POSTERN_COMMAND:-} == wait && $id != /* ]]; then
  echo 'The id must be that of a private endpoint or of a connection, such as /subscriptions/…' >&2
  exit 2
fi
case ${POSTERN_COMMAND:-} in
  validate)
    args=(validate "--format=$format")
    if [[ ${POSTERN_STRICT:-} == true ]]; then args+=(--strict); fi
    args+=(-- "$policy")
    ;;
  test) args=(test "--format=$format" "--threshold=${POSTERN_THRESHOLD:-0}" -- "$policy") ;;
  simulate)
    args=(simulate --format=markdown "--candidate=$policy" "--policy=${POSTERN_CURRENT:-none}" "--from=${POSTERN_FROM:-}")
    ;;
  wait) args=(wait "--timeout=${POSTERN_TIMEOUT:-30m}" -- "$id") ;;
  *)
    echo 'The command must be validate, test, simulate or wait.' >&2
    exit 2
    ;;
esac

code=0
tool=(node "${POSTERN_HOME:?}/dist/dev/postern.mjs" "${args[@]}")
if [[ $POSTERN_COMMAND == simulate ]]; then
  plan=$(mktemp "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/postern-plan.XXXXXX")
  "${tool[@]}" </dev/null >"$plan" || code=$?
  cat -- "$plan"
else
  "${tool[@]}" </dev/null || code=$?
fi

# Outputs hold no text of a policy or of a requester, so none of them can forge another output.
if [[ -n ${GITHUB_OUTPUT:-} ]]; then
  {
    echo "exit-code=$code"
    if [[ -n ${plan:-} ]]; then echo "plan-file=$plan"; fi
  } >>"$GITHUB_OUTPUT"
fi

if [[ $POSTERN_COMMAND == simulate && $code == 1 ]]; then exit 0; fi
exit "$code"
