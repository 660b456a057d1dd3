# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The signed modules on a machine that takes no others, and whose firmware has
# the key. A policy is enforced with them and the packaged tool.

firmware=$work/firmware

# enforces KERNEL RELEASE
enforces() {
	local module
	module=$(installed "$2")
	"$here/signature" "$module" "$work/$1-unsigned.ko" "$work/pkcs7"
	"/usr/src/linux-headers-$2/scripts/sign-file" sha256 "$work/stranger.key" \
		"$work/stranger.der" "$work/$1-unsigned.ko" "$work/$1-stranger.ko"
	: > "$work/relayed"
	PODWALL_MODULE=$module description="$1 lives to the end" relay "$vm/run" \
		--kernel "$1" --firmware "$firmware" --timeout 1800 \
		--append module.sig_enforce=1 --log "$work/enforced-$1.log" -- \
		"$here/enforced" "$work/$1-unsigned.ko" "$work/$1-stranger.ko" \
		"$tree/usr/sbin/nlctl"
}

"$here/enroll" "$work/machine.der" "$firmware"
part "signed modules only, 6.1"
enforces debian-6.1 "$old"
part "signed modules only, 6.12"
enforces debian-6.12 "$new"
