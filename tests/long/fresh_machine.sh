#!/usr/bin/env bash
# What README promises, on a machine that has nothing: a minimal Debian 12 in a folder (debootstrap), a clone of the last
# commit, `apt-get install -y git make`, and then every command without another step. A developer's own machine hides what
# install-deps.sh forgets; this one does not.
#
#   tests/long/fresh_machine.sh [COMMAND …]     (default: the demonstration, then every test, then the packages)
#
# Needs root, debootstrap and a Debian mirror; it takes apt's settings from this machine. Mounts are made in a mount
# namespace of their own and end with the processes there.
set -euo pipefail
cd "$(dirname "$0")/../.."
skip() {
  echo "SKIP: $1"
  exit 77
}
[ "$(id -u)" -eq 0 ] || skip 'only root can make a machine in a folder'
command -v debootstrap >/dev/null || skip 'no debootstrap: run deploy/install-deps.sh fresh'
unshare --mount true 2>/dev/null || skip 'this machine gives no mount namespace'

machine=$(mktemp -d -t waymark-fresh-XXXXXX)
trap 'rm -rf --one-file-system "$machine"' EXIT
chmod 755 "$machine"  # apt downloads as a user of its own
log=$machine.log
step() { printf '\n---- %s\n' "$*"; }

step 'a minimal Debian 12'
apt-get update -qq >"$log" 2>&1 || true
mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' | awk '$2 == "bookworm" && $3 == "main" {print $1; exit}')
debootstrap --variant=minbase --include=ca-certificates bookworm "$machine" ${mirror:+"$mirror"} >"$log" 2>&1 || {
  echo "debootstrap failed: see $log"
  exit 1
}
rm -f "$log"
rm -rf "$machine/etc/apt"
cp -a /etc/apt "$machine/etc/apt"
cp -L /etc/resolv.conf /etc/hosts "$machine/etc/" 2>/dev/null || true
git clone -q --no-hardlinks . "$machine/srv/waymark"

# Nothing of this machine's environment goes in, but apt's way to the mirror.
inside() {
  step "$1"
  unshare --mount --pid --fork --kill-child --mount-proc="$machine/proc" \
    chroot "$machine" /usr/bin/env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb \
    ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
    /bin/bash -c "cd /srv/waymark && $1"
}
inside 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y git make >/dev/null 2>&1'
if [ $# -gt 0 ]; then
  for command in "$@"; do
    inside "$command"
  done
  exit 0
fi
inside 'DEMO_EXIT=1 make demo'
inside 'make test'
inside 'make package && apt-get install -qq -y ./build/release/packages/*.deb >/dev/null'
inside 'for program in waymark-node waymark-coordinator waymark; do /usr/bin/$program --version; done; /usr/bin/waymark metrics >/dev/null'
inside 'make build'  # nothing is missing any more, so it says nothing of installing
echo 'a fresh machine runs the demonstration, the tests and the packages'
