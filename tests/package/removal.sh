# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The end: what is removed leaves nothing. Then the way without packages.

# strays: paths that were not there at the beginning, and belong to nobody.
# depmod's lists and the links to the newest kernel are the kernel's; what dpkg
# knows of other packages, which that brought along, is dpkg's.
strays() {
	list_files > "$work/after"
	LC_ALL=C comm -13 "$work/before" "$work/after" | sed 's/^\.//' |
		grep -vxF -f <(cat "$tree"/var/lib/dpkg/info/*.list | sed 'p;s,^/lib/,/usr/lib/,') |
		grep -vP "^/var/lib/dpkg/info/(?!podwall|nlctl)|^/usr/lib/modules/[^/]*/modules\.|^/(boot|vmlinuz|initrd)" || :
}

mentions() {
	grep -rlI podwall "$tree"/{etc,var/lib,usr/lib/modules/"$old"/modules.*,usr/lib/modules/"$new"/modules.*} |
		grep -vE '/var/lib/(dpkg|apt|shim-signed)/' || :
}

part "removing"
echo '{}' > "$tree/var/lib/podwall/state.json"
succeeds "the packages are removed" in_tree apt-get -q remove -y podwall-dkms nlctl podwall-dev
is "removing takes the modules away" "$(states)$(ls "$tree"/lib/modules/*/updates 2> /dev/null)" ""
succeeds "removing leaves what was configured and saved" \
	test -e "$tree/etc/default/podwall" -a -e "$tree/var/lib/podwall/state.json"
succeeds "the packages are purged" in_tree dpkg --purge podwall-dkms nlctl podwall-dev
is "purging leaves no file" "$(strays)" ""
is "purging leaves no trace in files" "$(mentions)" ""

part "without packages"
mkdir -p "$tree/var/tmp/checkout"
cp -r "$top"/{Makefile,VERSION,dkms.conf,kmod,uapi} "$tree/var/tmp/checkout/"
mkdir -p "$tree/usr/src/podwall-$version/kmod"
touch "$tree/usr/src/podwall-$version/kmod/stale.c"
succeeds "make dkms-install" in_tree make -C /var/tmp/checkout dkms-install \
	DKMS_KERNEL="$old"
is "DKMS installed the module from the checkout" "$(states)" \
	"podwall/$version, $old, x86_64: installed"
succeeds "what a former checkout had is gone" \
	test ! -e "$tree/usr/src/podwall-$version/kmod/stale.c"
succeeds "make dkms-remove" in_tree make -C /var/tmp/checkout dkms-remove
rm -rf "$tree/var/tmp/checkout"
is "make dkms-remove leaves no file" "$(strays)" ""
