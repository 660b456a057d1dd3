# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the image is built from is all there. The image itself is not built: that
# takes an engine, and a network.

version=$(< "$top/VERSION")
mkdir "$work/packages"
for one in nlctl podwall-agent podwall-dkms podwall-dev; do
	: > "$work/packages/${one}_${version}_all.deb"
done
: > "$work/packages/nlctl_0.0.1_all.deb"

# Without an engine in reach; the first line of what is run says so.
mkdir "$work/bin"
for one in bash dirname rm mkdir cp; do
	ln -s "$(command -v "$one")" "$work/bin/"
done
said=$(PATH=$work/bin "$image/build" "$work/packages" "$work/context" 2>&1)
succeeds "without an engine it says how to build" \
	grep -qF "podman build -t podwall:$version $work/context" <<< "$said"
# shellcheck disable=SC2016 # the fake expands it
printf '#!/bin/bash\necho "$@" > "%s"\n' "$work/asked" > "$work/bin/podman"
chmod +x "$work/bin/podman"
succeeds "with one" env PATH="$work/bin" "$image/build" "$work/packages" \
	"$work/context" registry.example/podwall:1
is "that is asked" "$(< "$work/asked")" \
	"build -t registry.example/podwall:1 -f $work/context/Containerfile $work/context"
is "the context has the packages of this version" "$(ls "$work/context/packages" | xargs)" \
	"nlctl_${version}_all.deb podwall-agent_${version}_all.deb podwall-dkms_${version}_all.deb"
while read -r word source _; do
	[[ $word != COPY ]] || succeeds "the context has $source" test -d "$work/context/$source"
done < <(sed 's/ --chmod=[0-9]*//' "$work/context/Containerfile")
for one in "$work/context/programs"/*; do
	succeeds "${one##*/} may be run" test -x "$one"
	succeeds "${one##*/} is a shell's" bash -n "$one"
done
# What the programs call that Debian does not have in every image.
for one in jq kmod gcc make; do
	succeeds "$one comes with it" grep -qw "$one" "$work/context/Containerfile"
done
