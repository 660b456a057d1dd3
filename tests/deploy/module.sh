# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# load-module: what it decides, on nodes that are made up; that it builds, with
# DKMS and real headers; that it loads, in a virtual machine.
#
# What would change a kernel is played by programs that say in $node/asked what
# they were asked, and by files in $node/sys/module. modinfo, depmod and jq are real.

version=$(< "$top/VERSION")
release=$("$top/tests/vm/kernel" debian-6.1 | sed -n 's/^release=//p')
module=$("$top/tests/vm/build-module" debian-6.1 2> /dev/null | tail -n 1)
[[ -f $module ]] || module=$top/build/kmod-debian-6.1/kmod/podwall.ko

# play NAME: it is what standard input says.
play() {
	{
		printf '#!/bin/bash\n'
		cat
	} > "$node/bin/$1"
	chmod +x "$node/bin/$1"
}

# begin: a node without anything.
begin() {
	node=$work/module
	rm -rf "$node"
	mkdir -p "$node"/{bin,sys/module,modules/"$release",usr/lib,src,store}
	printf 'ID=debian\n' > "$node/usr/lib/os-release"
	: > "$node/asked"
	play uname <<< "[[ \$* == -r ]] && echo $release || /usr/bin/uname \"\$@\""
	play nlctl <<< "[[ \$* == --version ]] && echo nlctl $version && exit
[[ ! -e $node/mute ]]"
	play modprobe <<< "echo modprobe \"\$@\" >> $node/asked
[[ ! -e $node/refuse || \$1 == -a ]] || { cat $node/refuse >&2; exit 1; }"
	play insmod <<< "echo insmod \"\${@##*/}\" >> $node/asked
[[ ! -e $node/refuse ]] || { cat $node/refuse >&2; exit 1; }"
	play rmmod <<< "echo rmmod \"\$@\" >> $node/asked
[[ ! -e $node/busy ]] && rm -r /sys/module/\$1"
	play dkms <<< "echo dkms \"\$@\" >> $node/asked
[[ \$1 != build ]] || {
	[[ ! -e $node/broken ]] || { echo no compiler fits; exit 10; }
	mkdir -p /var/lib/dkms/podwall/$version/$release/x86_64/module
	cp $module /var/lib/dkms/podwall/$version/$release/x86_64/module/podwall.ko
}"
}

# loaded VERSION REFERENCES: a module is.
loaded() {
	mkdir -p "$node/sys/module/podwall"
	printf '%s\n' "$1" > "$node/sys/module/podwall/version"
	printf '%s\n' "$2" > "$node/sys/module/podwall/refcnt"
}

# with_headers: the node has some.
with_headers() {
	mkdir -p "$node/usr/src/linux-headers-$release" "$node/usr/lib/linux-kbuild-0"
	: > "$node/usr/src/linux-headers-$release/Makefile"
	ln -s "/usr/src/linux-headers-$release" "$node/modules/$release/build"
}

# runs DESCRIPTION STATUS ASKED TEXT: it ends so, has asked for that, and says so.
runs() {
	local said status=0
	: > "$node/asked"
	said=$("$here/node" "$node" "$image/load-module" 2>&1) || status=$?
	is "$1" "$status $(grep -v '^dkms [as]' "$node/asked" | sed 's/ \/.*//' | paste -sd ,)" "$2 $3"
	succeeds "$1: it says so" grep -qF -- "$4" <<< "$said"
}

depends=$(modinfo -F depends "$module" | tr , ' ')
build="dkms build --force -m podwall -v $version -k $release,modprobe -a $depends,insmod podwall.ko"
[[ $depends ]] || build=${build/modprobe -a ,/}
load=${build#*"$release,"}

begin
loaded "$version" 7
runs "a module of this version stays" 0 "" "is loaded already"
loaded 0.0.9 7
runs "one of another that enforces stays, if it understands the image" 0 "" \
	"warning: podwall 0.0.9 is loaded and enforces policy, so it stays"
touch "$node/mute"
runs "if it does not, that is an end" 1 "" "drain the node and reboot it"
touch "$node/busy"
loaded 0.0.9 0
runs "so it is if it turns out to be in use" 1 "rmmod podwall" "drain the node and reboot it"

begin
with_headers
loaded 0.0.9 0
runs "one that enforces nothing makes room" 0 "rmmod podwall,$build" "it makes room for $version"
succeeds "what was built is kept" cmp "$module" "$node/store/$release/podwall.ko"
rm -rf "$node/sys/module/podwall"
runs "it is loaded the next time" 0 "$load" "built here before, is loaded"
echo "insmod: ERROR: Invalid module format" > "$node/refuse"
runs "what does not fit any more is built anew" 1 "$load,$build" "does not fit the kernel any more"
echo "insmod: ERROR: could not insert module: Key was rejected by service" > "$node/refuse"
runs "a kernel that takes signed modules only is told of" 1 "$load,$build" "mokutil --import"
rm "$node/refuse"
cp "$module" "$node/store/$release/podwall.ko"
sed -i "s/version=$version/version=9.9.9/" "$node/store/$release/podwall.ko"
runs "what is of another version is built anew" 0 "$build" "is built and loaded"
is "and it is one file" "$(ls "$node/store/$release")" podwall.ko

begin
with_headers
touch "$node/broken"
runs "a build that fails" 1 "${build%%,*}" "no compiler fits"
is "leaves nothing" "$(find "$node/store" -type f)" ""

begin
runs "without headers it says what to install" 1 "" "apt install linux-headers-$release"
while read -r identity words; do
	printf '%b' "$identity" > "$node/usr/lib/os-release"
	runs "on $(paste -sd ' ' "$node/usr/lib/os-release")" 1 "" "$words"
done <<- END_OF_SYSTEMS
	ID=ubuntu\nID_LIKE=debian\n apt install linux-headers-$release
	ID=mint\nID_LIKE="ubuntu\040debian"\n apt install linux-headers-$release
	ID="rocky"\nID_LIKE="rhel\040centos\040fedora"\n dnf install kernel-devel-$release
	ID=fedora\n dnf install kernel-devel-$release
	ID="opensuse-leap"\nID_LIKE="suse\040opensuse"\n zypper install
	ID=flatcar\n install what has the headers of $release
END_OF_SYSTEMS
rm "$node/usr/lib/os-release"
runs "on what does not say what it is" 1 "" "install what has the headers of $release"

begin
with_headers
mkdir -p "$node/modules/$release/updates/dkms"
cp "$module" "$node/modules/$release/updates/dkms/"
depmod -b "$node" "$release" 2> /dev/null || :
mkdir -p "$work/depmod/lib"
ln -s "$node/modules" "$work/depmod/lib/modules"
depmod -b "$work/depmod" "$release" 2> /dev/null
runs "what the node has installed is loaded" 0 "modprobe podwall" "which the node has installed, is loaded"
echo "modprobe: ERROR: Key was rejected by service" > "$node/refuse"
runs "if the kernel refuses that, nothing else is tried" 1 "modprobe podwall" "mokutil --import"
rm "$node/refuse"
sed -i "s/version=$version/version=9.9.9/" "$node/modules/$release/updates/dkms/podwall.ko"
runs "if it is of another version, one is built" 0 "$build" "upgrade the node's podwall-dkms"

# DKMS itself, with the headers of this machine as the node's.
begin
rm "$node/bin/dkms"
touch "$node/own-usr"
ln -s "$(readlink "/lib/modules/$release/build")" "$node/modules/$release/build"
mkdir "$node/src/podwall-$version"
cp -r "$top"/{VERSION,dkms.conf,kmod,uapi} "$node/src/podwall-$version/"
runs "DKMS builds the module" 0 "$load" "is built and loaded"
built=$(ls "$node/store/$release"/podwall.ko*)
is "for the node's kernel, of this version" \
	"$(modinfo -F version "$built") $(modinfo -F vermagic "$built" | cut -d ' ' -f 1)" \
	"$version $release"

description="in a virtual machine" relay "$top/tests/vm/run" --kernel debian-6.1 \
	-- "$here/loaded"
