# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The system boots by systemd, with the packages installed.

networkd=$tree/etc/systemd/system/multi-user.target.wants/systemd-networkd.service
saved=$tree/var/lib/podwall/state.json

# boots KIND: boot, and number what booted finds. Lines that are no results go to
# $work/relayed.
boots() {
	: > "$work/relayed"
	description="the system boots and ends, $1" relay "$vm/run" \
		--kernel debian-6.1 --root "$tree" --timeout 240 \
		--log "$work/boot-$1.log" -- "$here/booted" "$1"
}

part "booting without a saved policy"
mkdir -p "${networkd%/*}"
ln -s /lib/systemd/system/systemd-networkd.service "$networkd"
sed -i 's,^GUARD=.*,GUARD="10.1.0.0/16",' "$tree/etc/default/podwall"
boots none

part "booting with a saved policy"
sed -n 's/^state //p' "$work/relayed" | base64 -d > "$saved"
sed -i 's,^GUARD=.*,GUARD="10.1.0.0/16 10.2.0.0/16",' "$tree/etc/default/podwall"
boots saved

part "booting with a corrupt one"
sed -i 's/10\.1\.0\.12/10.1.0.15/' "$saved"
boots corrupt
rm "$networkd" "$saved"
