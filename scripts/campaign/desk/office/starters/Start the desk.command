#!/bin/sh
# Opens the desk. It looks for a Python that fits, and runs start.py with it.
cd -- "$(dirname -- "$0")" || exit 1
for version in PYTHONS; do
  for python in "python$version" "/Library/Frameworks/Python.framework/Versions/$version/bin/python3" "/opt/homebrew/bin/python$version"; do
    if "$python" -c "" >/dev/null 2>&1; then
      exec "$python" start.py "$@"
    fi
  done
done
echo "There is no Python on this computer that fits. Get Python 3.12 (macOS installer) from python.org, install it, and click here again."
exit 1
