#!/bin/sh
# Makes sure that the browser tests find a Chromium: quiet where there is one, else Debian's package where this user
# may install it, else one line that says how to get it. Never fails: without a browser those tests are skipped.
set -u

hint="no Chromium: apt-get install chromium, or set CHROMIUM=/path"

for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
    if [ -n "$name" ] && command -v "$name" >/dev/null; then exit 0; fi
done

if [ "$(id -u)" -eq 0 ]; then
    as_root=env
elif sudo -n true 2>/dev/null; then # -n: never ask for a password in the middle of a test run
    as_root="sudo -n env"
else
    echo "$hint"
    exit 0
fi

if ! command -v apt-get >/dev/null; then
    echo "$hint"
    exit 0
fi

echo "Installing Debian's chromium for the browser tests."
apt="$as_root DEBIAN_FRONTEND=noninteractive apt-get -qq"
$apt update >/dev/null 2>&1
$apt install -y --no-install-recommends chromium >/dev/null 2>&1 || echo "$hint"
exit 0
