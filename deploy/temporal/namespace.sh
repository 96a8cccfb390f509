#!/bin/sh
# Registers TEMPORAL_NAMESPACE at TEMPORAL_ADDRESS where it is missing, and waits until the server's caches know it.
set -eu
temporal="${TEMPORAL_CLI:-temporal}"

"$temporal" operator namespace describe -n "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 ||
  "$temporal" operator namespace create -n "$TEMPORAL_NAMESPACE" --retention "$RETENTION"

for second in $(seq 60); do
  "$temporal" workflow list --limit 1 >/dev/null 2>&1 && exit 0
  sleep 1
done
echo "The server does not take the namespace $TEMPORAL_NAMESPACE after $second s." >&2
exit 1
