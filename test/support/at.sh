#!/usr/bin/env bash
# Runs a command, and every process below it, at another time of day:
#   test/support/at.sh '2026-11-28 15:30:00' npx vitest run test/token      (UTC; TZ=Pacific/Apia before it for a zone)
# The functions' instances start with a clean environment, so libfaketime can't come by it: it comes by a copy of /etc
# that only these processes see. Needs Linux, root, and Debian's package `faketime`.
set -euo pipefail
offset=$(($(date -u -d "$1" +%s) - $(date +%s)))
shift
etc=$(mktemp -d)
cp -a /etc/. "$etc"
dpkg -L libfaketime | grep -m1 'libfaketime\.so\.1$' >"$etc/ld.so.preload"
echo "$offset" >"$etc/faketimerc"
unshare --mount bash -c 'mount --bind "$0" /etc && exec "$@"' "$etc" "$@" && code=0 || code=$?
rm -rf "$etc"
exit "$code"
