#!/usr/bin/env bash
# Packages build, build twice to the same bytes, and install into an empty root with their programs in place.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
make --no-print-directory package >/dev/null
cp -r build/release/packages "$folder/first"
deploy/package build/release >/dev/null
for package in "$folder"/first/*.deb; do
  cmp "$package" "build/release/packages/$(basename "$package")"
  dpkg-deb --extract "$package" "$folder/root"
done
for program in waymark-node waymark-coordinator waymark; do
  test -x "$folder/root/usr/bin/$program"
done
test -s "$folder/root/usr/share/waymark/catalogue/areas.textproto"
echo "$(ls "$folder/first" | wc -l) packages, twice the same bytes"
