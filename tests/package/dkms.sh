# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A machine's life with the module: installed, upgraded, a kernel upgraded. Each
# build is signed with a key that this run makes.

# make_key NAME
make_key() {
	openssl req -new -x509 -newkey rsa:2048 -nodes -days 36500 \
		-subj "/CN=podwall $1 $SRANDOM/" \
		-addext extendedKeyUsage=codeSigning -keyout "$work/$1.key" \
		-outform DER -out "$work/$1.der" 2> /dev/null
	openssl x509 -inform DER -in "$work/$1.der" -out "$work/$1.pem"
}

# states: what DKMS says, a line for each version and kernel.
states() {
	in_tree dkms status | LC_ALL=C sort
}

# signed_by NAME MODULE
signed_by() {
	"$here/signature" "$2" "$work/content" "$work/pkcs7" &&
		openssl cms -verify -binary -inform DER -in "$work/pkcs7" \
			-content "$work/content" -nointern -noverify \
			-certfile "$work/$1.pem" -out /dev/null
}

# is_signed KERNEL
is_signed() {
	local module
	module=$(installed "$1")
	is "$1: modinfo names the signer" "$(modinfo -F signer "$module")" \
		"$(openssl x509 -in "$work/machine.pem" -noout -subject -nameopt multiline |
			sed -n 's/^ *commonName *= //p')"
	succeeds "$1: the signature is the machine's" signed_by machine "$module"
	fails "$1: and nobody else's" signed_by stranger "$module"
}

part "a plain system"
mkdir "$tree"
tar -xf "$base" -C "$tree"
make_key machine
make_key stranger
mkdir -p "$tree/var/lib/shim-signed/mok"
cp "$work/machine.key" "$tree/var/lib/shim-signed/mok/MOK.priv"
cp "$work/machine.der" "$tree/var/lib/shim-signed/mok/MOK.der"
printf '%s\n' 'mok_signing_key=/var/lib/shim-signed/mok/MOK.priv' \
	'mok_certificate=/var/lib/shim-signed/mok/MOK.der' >> "$tree/etc/dkms/framework.conf"
echo 0123456789abcdef0123456789abcdef > "$tree/etc/machine-id"
list_files > "$work/before"
printf '# %d paths\n' "$(wc -l < "$work/before")"

part "installing"
succeeds "the packages install, without a network" \
	install_packages "${packages[@]}"
is "DKMS installed the module" "$(states)" "podwall/$version, $old, x86_64: installed"
is "it has the version" "$(modinfo -F version "$(installed "$old")")" "$version"
is "the tool has it, too" "$(in_tree nlctl --version)" "nlctl $version"
for unit in podwall-guard podwall; do
	is "$unit is enabled" \
		"$(readlink "$tree/etc/systemd/system/sysinit.target.wants/$unit.service")" \
		"/lib/systemd/system/$unit.service"
done
succeeds "the timer of metrics is there" \
	test -e "$tree/lib/systemd/system/podwall-metrics.timer"
succeeds "but not enabled" \
	test ! -e "$tree/etc/systemd/system/timers.target.wants/podwall-metrics.timer"
succeeds "the agent is there" in_tree nlctl agent --help
is "it has the version" "$(in_tree nlctl-agent --version)" "nlctl-agent $version"
succeeds "its service is there" test -e "$tree/lib/systemd/system/podwall-agent.service"
succeeds "but not enabled" test ! -e \
	"$tree/etc/systemd/system/multi-user.target.wants/podwall-agent.service"
is "systemd finds nothing wrong with it" "$(in_tree sh -c '
	mount -n -t tmpfs tmpfs /run && mount -n -t sysfs sysfs /sys &&
		SYSTEMD_LOG_TARGET=console systemd-analyze --man=no verify podwall-agent.service' 2>&1)" ""
succeeds "its manual pages are there" test -s "$tree/usr/share/man/man8/nlctl-agent.8.gz" \
	-a -s "$tree/usr/share/man/man8/podwall-cni.8.gz"
succeeds "the plugin is where Debian's runtimes look for it" \
	test -x "$tree/usr/lib/cni/podwall-cni"
# No library of this system's: the image copies it to nodes of all kinds.
fails "it needs no library" grep -q NEEDED <<< "$(readelf -d "$tree/usr/lib/cni/podwall-cni")"
mkdir -p "$tree/etc/cni/net.d"
printf '{"plugins": [{"type": "x"}, {"type": "podwall-cni"}]}\n' \
	> "$tree/etc/cni/net.d/10-x.conflist"
succeeds "removing the agent tells of a chain that names its plugin" \
	grep -qF 'names the plugin podwall-cni' <<< "$(in_tree apt-get -q remove -y podwall-agent 2>&1)"
rm -r "$tree/etc/cni"
succeeds "nlctl then says what has it" \
	grep -qF 'package podwall-agent' <<< "$(in_tree nlctl agent --node x 2>&1)"
succeeds "its configuration stays" test -e "$tree/etc/default/podwall-agent"
succeeds "it is purged" in_tree dpkg --purge podwall-agent
succeeds "its configuration is gone" test ! -e "$tree/etc/default/podwall-agent"
printf '#include <linux/podwall.h>\nchar name[] = PODWALL_GENL_NAME;\n' > "$tree/var/tmp/header.c"
succeeds "the header compiles" in_tree gcc -Wall -Werror -fsyntax-only /var/tmp/header.c
rm "$tree/var/tmp/header.c"
succeeds "the specification is the header's" cmp "$top/uapi/podwall.yaml" \
	"$tree/usr/share/ynl/specs/podwall.yaml"
succeeds "the manual pages are there" test -s "$tree/usr/share/man/man8/nlctl.8.gz" \
	-a -s "$tree/usr/share/man/man7/podwall.7.gz"
# shellcheck disable=SC2016 # bash in the tree expands it
is "the completion completes" "$(in_tree bash -c '
	. /usr/share/bash-completion/completions/nlctl
	COMP_LINE="nlctl rest" COMP_POINT=10 COMP_WORDS=(nlctl rest) COMP_CWORD=1
	_nlctl
	echo "${COMPREPLY[*]}"')" restore

succeeds "that of zsh is there" \
	test -s "$tree/usr/share/zsh/vendor-completions/_nlctl"

part "upgrading the packages"
succeeds "the next version installs" install_packages "${next_packages[@]}"
is "DKMS has the next version only" "$(states)" "podwall/$next, $old, x86_64: installed"
is "the module is of the next version" \
	"$(modinfo -F version "$(installed "$old")")" "$next"
succeeds "nothing is left of the old source" test ! -e "$tree/usr/src/podwall-$version"
is_signed "$old"

part "upgrading the kernel"
succeeds "another kernel installs" install_packages \
	"linux-image-$new" "linux-headers-$new"
is "DKMS built for it at once" "$(states)" \
	"podwall/$next, $old, x86_64: installed
podwall/$next, $new, x86_64: installed"
is_signed "$new"
