# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the image is built from is all there, and whichever engine there is builds it.
# tests/image builds it really.

version=$(< "$top/VERSION")
mkdir "$work/packages"
for one in nlctl podwall-agent podwall-dkms podwall-dev; do
	: > "$work/packages/${one}_${version}_all.deb"
done
: > "$work/packages/nlctl_0.0.1_all.deb"

# Without an engine in reach; the first line of what is run says so.
mkdir "$work/bin"
for one in bash dirname rm mkdir cp install; do
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
words="build --label org.opencontainers.image.version=$version -t registry.example/podwall:1 -f $work/context/Containerfile $work/context"
is "that is asked" "$(< "$work/asked")" "$words"
former=podman
for one in docker buildah; do
	mv "$work/bin/$former" "$work/bin/$one"
	former=$one
	: > "$work/asked"
	succeeds "with $one" env PATH="$work/bin" "$image/build" "$work/packages" \
		"$work/context" registry.example/podwall:1
	is "$one is asked the same" "$(< "$work/asked")" "$words"
done
succeeds "options are passed on" env PATH="$work/bin" "$image/build" "$work/packages" \
	"$work/context" registry.example/podwall:1 --no-cache --pull
is "all of them" "$(< "$work/asked")" "${words/ -f / --no-cache --pull -f }"
succeeds "one may be named" env PATH="$work/bin" ENGINE=buildah "$image/build" \
	"$work/packages" "$work/context"
fails "one that is not there is an error" env PATH="$work/bin" ENGINE=podman "$image/build" \
	"$work/packages" "$work/context"
is "the context has the packages of this version" "$(ls "$work/context/packages" | xargs)" \
	"nlctl_${version}_all.deb podwall-agent_${version}_all.deb podwall-dkms_${version}_all.deb"
while read -r word source _; do
	[[ $word != COPY ]] || succeeds "the context has $source" test -d "$work/context/$source"
done < "$work/context/Containerfile"
for one in "$work/context/programs"/*; do
	succeeds "${one##*/} may be run" test -x "$one"
	succeeds "${one##*/} is a shell's" bash -n "$one"
done
# What the programs call that Debian does not have in every image.
for one in jq kmod gcc make; do
	succeeds "$one comes with it" grep -qw "$one" "$work/context/Containerfile"
done
