#!/usr/bin/env bash
# mypy 2.4.1 goes on saying that a module is not found after its package was installed, where the package has no type hints.
#
# Versions: mypy 2.4.1 and, for comparison, 1.18.2; ofdkit 0.2.0 (a package without py.typed); pluggy 1.6.0 (one with it). Python 3.11.7.
# Steps: check a file that imports a package that is not installed; install the package; check again with the cache of the first run.
# Seen:  mypy 2.4.1: "Cannot find implementation or library stub" [import-not-found] again; after `rm -r .mypy_cache` it says
#        "module is installed, but missing library stubs or py.typed marker" [import-untyped].
#        mypy 1.18.2 says [import-untyped] at once, and both versions notice a package that has py.typed.
# A good guess is wrong because the same run does notice a typed package: one concludes that the installation failed, or that the
# wrong interpreter is asked. A `# type: ignore[import-untyped]` that is right in a fresh checkout fails on the developer's machine, and
# one with import-not-found the other way round.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env

check() { # FILE → the error codes that mypy prints
  env/bin/mypy "$1" 2>&1 | grep -o '\[import-[a-z-]*\]' | sort -u | tr '\n' ' ' || true
}

expect() { # WHAT EXPECTED ACTUAL
  printf '%-58s %s\n' "$1" "${3:-(no error)}"
  [ "${3% }" = "$2" ] || { echo "expected: ${2:-(no error)}" >&2; exit 1; }
}

printf 'import ofdkit\n' > untyped.py
printf 'import pluggy\n' > typed.py
for version in 1.18.2 2.4.1; do
  env/bin/pip install --quiet "mypy==$version"
  env/bin/pip uninstall --quiet --yes ofdkit pluggy 2> /dev/null || true
  rm -rf .mypy_cache
  expect "mypy $version, nothing installed, untyped package:" "[import-not-found]" "$(check untyped.py)"
  expect "mypy $version, nothing installed, typed package:" "[import-not-found]" "$(check typed.py)"
  env/bin/pip install --quiet ofdkit==0.2.0 pluggy==1.6.0
  expect "mypy $version, installed since, typed package:" "" "$(check typed.py)"
  if [ "$version" = 1.18.2 ]; then
    expect "mypy $version, installed since, untyped package:" "[import-untyped]" "$(check untyped.py)"
  else
    expect "mypy $version, installed since, untyped package:" "[import-not-found]" "$(check untyped.py)"
    rm -rf .mypy_cache
    expect "mypy $version, the same without its cache:" "[import-untyped]" "$(check untyped.py)"
  fi
done
