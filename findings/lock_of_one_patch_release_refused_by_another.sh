#!/usr/bin/env bash
# A lock with hashes holds for the patch release of Python it was made with, not for the minor one.
#
# redis 8.1.0 asks for async-timeout only before Python 3.11.3. pip-compile 7.5.3 asks the interpreter
# that runs it: made with 3.11.3 or newer, the lock has neither the package nor a marker for it, and
# looks complete. Debian 12 ships 3.11.2: an installer that insists on hashes meets a requirement that
# the lock does not know, and installs nothing. Whoever develops on another "Python 3.11" never sees it.
# uv 0.9.18 takes the patch release of another machine into account, so both sides are shown with it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pip==25.3 pip-tools==7.5.3 uv==0.9.18
cd "$folder"
venv/bin/python -c 'import sys; assert sys.version_info[:2] == (3, 11) and sys.version_info[2] >= 3, sys.version'
echo redis==8.1.0 > asked.in
venv/bin/pip-compile --quiet --generate-hashes --output-file lock asked.in
echo "made with $(venv/bin/python -V), the lock names: $(grep -o '^[a-z-]*==[0-9.]*' lock | tr '\n' ' ')"

on() {
  if venv/bin/uv pip install --quiet --dry-run --require-hashes --python venv/bin/python \
    --target there --python-version "$1" --requirement lock 2> said; then
    echo "Python $1: installed"
  else
    echo "Python $1: $(tr -s ' \n' ' ' < said)"
  fi
}
of_debian=$(on 3.11.2) of_others=$(on 3.11.3)
printf '%s\n' "$of_debian" "$of_others"
! grep -q '^async-timeout' lock
[ "$of_others" = "Python 3.11.3: installed" ]
[[ "$of_debian" == *async-timeout* ]]
