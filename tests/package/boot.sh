# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The system boots by systemd, with the packages installed.

units=$tree/etc/systemd/system
networkd=$units/multi-user.target.wants/systemd-networkd.service
saved=$tree/var/lib/podwall/state.json

# boots KIND: boot, and number what booted finds. Lines that are no results go to
# $work/relayed.
boots() {
	: > "$work/relayed"
	description="the system boots and ends, $1" relay "$vm/run" \
		--kernel debian-6.1 --root "$tree" --timeout 1800 \
		--log "$work/boot-$1.log" -- "$here/booted" "$1"
}

# guard BLOCK...: have them configured.
guard() {
	sed -i "s,^GUARD=.*,GUARD=\"$*\"," "$tree/etc/default/podwall"
}

# verify: print what systemd finds wrong with the units that a boot starts.
verify() {
	in_tree sh -c 'mount -n -t tmpfs tmpfs /run && mount -n -t sysfs sysfs /sys &&
		SYSTEMD_LOG_TARGET=console systemd-analyze --man=no verify multi-user.target' 2>&1 || :
}

mkdir -p "${networkd%/*}"
ln -s /lib/systemd/system/systemd-networkd.service "$networkd"

part "booting without a saved policy"
is "systemd finds nothing wrong with the units" "$(verify)" ""
guard 10.1.0.0/16
boots none

part "booting with a saved policy; upgrading and removing the packages"
sed -n 's/^state //p' "$work/relayed" | base64 -d > "$saved"
guard 10.1.0.0/16 10.2.0.0/16
cp "$work/next/nlctl_${next}_"*.deb "$tree/var/tmp/nlctl.deb"
boots saved
rm "$tree/var/tmp/nlctl.deb"

part "booting with a word that is no block"
guard 10.1.0.0/16 10.300.0.0/16 10.2.0.0/16
boots word

part "booting with the saved policy on a file system of the network"
guard 10.1.0.0/16 10.2.0.0/16
mkdir "$tree/srv/podwall"
mv "$saved" "$tree/srv/podwall/"
cat > "$units/var-lib-podwall.mount" <<- END
	[Mount]
	What=/srv/podwall
	Where=/var/lib/podwall
	Type=none
	Options=bind,_netdev
END
cycle=$(verify)
succeeds "unless it is told, systemd finds an ordering cycle" \
	grep -E '(cycle|dependency) on podwall.service' <<< "$cycle"
fails "the guard is no part of it" grep -F podwall-guard.service <<< "$cycle"
mkdir "$units/podwall.service.d"
ln -s /dev/null "$units/podwall.service.d/before-network.conf"
is "told, it finds none" "$(verify)" ""
boots remote
mv "$tree/srv/podwall/state.json" "$saved"
rm -r "$tree/srv/podwall" "$units/var-lib-podwall.mount" "$units/podwall.service.d"

part "booting with a corrupt one"
sed -i 's/10\.1\.0\.12/10.1.0.15/' "$saved"
boots corrupt

part "booting without the module"
rm "$saved"
mv "$tree/lib/modules/$old/updates/dkms/podwall.ko" "$tree/var/tmp/"
boots missing
mv "$tree/var/tmp/podwall.ko" "$tree/lib/modules/$old/updates/dkms/"
rm "$networkd"
