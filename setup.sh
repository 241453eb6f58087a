#!/bin/sh
# Makes .venv beside this file and installs the package into it; `sh setup.sh test` adds what its tests need: test libraries,
# a browser that opens the pages, Chinese fonts. Debian packages that are missing are installed where root or sudo allows it.
set -eu
cd "$(dirname "$0")"

install_packages() {
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "setup.sh: no apt-get here; please install what answers to: $*" >&2
        return 1
    fi
    as_root=
    if [ "$(id -u)" != 0 ]; then
        as_root=sudo
        command -v sudo >/dev/null 2>&1 || { echo "setup.sh: needs root for: apt-get install $*" >&2; return 1; }
    fi
    echo "setup.sh: installing $*" >&2
    $as_root apt-get update -qq >&2 || true # an index that is a little old is better than none
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null </dev/null
}

python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "setup.sh: Python 3.11 or newer is needed" >&2; exit 1; }
python3 -c 'import ensurepip, venv' 2>/dev/null || install_packages python3-venv
python3 -m venv .venv
if [ "${1:-}" != test ]; then
    .venv/bin/python -m pip install --quiet --quiet --disable-pip-version-check .
    exit
fi
.venv/bin/python -m pip install --quiet --quiet --disable-pip-version-check --editable '.[test]'
missing=
command -v chromium >/dev/null 2>&1 || missing="chromium"
command -v chromedriver >/dev/null 2>&1 || missing="$missing chromium-driver"
[ -n "$(find /usr/share/fonts -iname 'NotoSansCJK*' 2>/dev/null | head -n 1)" ] || missing="$missing fonts-noto-cjk"
# shellcheck disable=SC2086 # one word a package
[ -z "$missing" ] || install_packages $missing || echo "setup.sh: without them the tests that open a page in a browser are skipped" >&2
