#!/bin/sh
# Opens the desk. It looks for a Python that fits, and runs start.py with it.
cd -- "$(dirname -- "$0")" || exit 1
for version in PYTHONS; do
  if "python$version" -c "" >/dev/null 2>&1; then
    exec "python$version" start.py "$@"
  fi
done
if python3 -c "" >/dev/null 2>&1; then
  exec python3 start.py "$@"
fi
echo "There is no Python on this computer. Install Python 3.11 to 3.14 (python3, from your system or python.org), and start again."
exit 1
