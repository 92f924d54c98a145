#!/bin/bash
# Makes the files of this folder again: make.sh [NAME...], of all whose generator is installed.
# Each NAME.sh writes a generator's configuration into /etc and has it put into force; run it where nobody needs that: as root,
# in a container or a chroot. Rules come into force in a network namespace of their own, with the interfaces of isa-y.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ $# -eq 0 ]; then
  for script in "$here"/*-*.sh; do set -- "$@" "$(basename "$script" .sh)"; done
fi
for name in "$@"; do
  generator=$(sed -n 's/^# needs: //p' "$here/$name.sh")
  command -v "$generator" >/dev/null || { echo "$name: $generator is not installed" >&2; continue; }
  unshare -n bash -eu -c '
    ip link set lo up
    for link in "eth1 10.79.2.1" "ppp0 198.19.79.3"; do
      set -- $link
      ip link add "$1" type veth peer name "$1-peer"
      ip address add "$2/24" dev "$1"
      ip link set "$1" up
      ip link set "$1-peer" up
    done
    # shellcheck disable=SC1090
    { . "$0"; } >&2
    # Some generators speak to the kernel by its older interface.
    if iptables-legacy-save | grep -q ^-A; then iptables-legacy-save; else iptables-save; fi' "$here/$name.sh" > "$here/$name.rules.new" 2> "/tmp/$name.log" ||
    { echo "$name failed:" >&2; tail -n 20 "/tmp/$name.log" >&2; rm -f "$here/$name.rules.new"; continue; }
  mv "$here/$name.rules.new" "$here/$name.rules"
  echo "$name: $(grep -c '^-A' "$here/$name.rules") rules"
done
