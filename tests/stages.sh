#!/bin/sh
# Runs each stage, whatever became of those before it, and says at the end how each went:
#
#   sh tests/stages.sh NAME COMMAND [NAME COMMAND ...]
#
# Exits with 0 if every command did, else with 1. Ctrl-C ends the stage at hand and starts no other.

stop() { # the signal's number
  printf '\nInterrupted during "%s": the stages after it were not run.\n' "$name" >&2
  exit $((128 + $1))
}
trap 'stop 2' INT
trap 'stop 15' TERM HUP

if [ $# -eq 0 ] || [ $(($# % 2)) -ne 0 ]; then
  echo "tests/stages.sh: expected NAME COMMAND pairs, got $# arguments" >&2
  exit 2
fi

failed=0
summary=
TEST_PARTS=$(mktemp)
export TEST_PARTS
trap 'rm -f "$TEST_PARTS"' EXIT
while [ $# -gt 0 ]; do
  name=$1 command=$2
  shift 2
  printf '\n== %s: %s\n' "$name" "$command"
  begun=$(date +%s)
  sh -c "$command"
  code=$?
  took=$(($(date +%s) - begun))
  case $code in
    0) verdict=passed ;;
    5) verdict="FAILED (exit 5: pytest found no test)" ;;
    *) verdict="FAILED (exit $code)" ;;
  esac
  [ $code -eq 0 ] || failed=1
  summary="$summary$(printf '  %-12s %3d min %02d s  %s' "$name" $((took / 60)) $((took % 60)) "$verdict")
"
done

if [ -s "$TEST_PARTS" ]; then
  printf '\nThe ten slowest parts of this run:\n'
  sort -rn "$TEST_PARTS" | head -n 10
fi
printf '\nThe stages of this run:\n%s' "$summary"
exit $failed
