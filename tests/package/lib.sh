# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the parts of the run have in common: results, and the plain system that
# the packages are installed on, which has no network.

tree=$work/tree
number=0
failed=0

# result DESCRIPTION STATUS [DETAIL...]
result() {
	number=$((number + 1))
	if (($2)); then
		failed=1
		printf 'not ok %d - %s\n' "$number" "$1"
		printf '%s\n' "${@:3}" | tail -n 60 | sed 's/^/# /'
	else
		printf 'ok %d - %s\n' "$number" "$1"
	fi
}

# is DESCRIPTION GOT WANTED
is() {
	local status=0
	[[ $2 == "$3" ]] || status=1
	result "$1" "$status" "got:    $2" "wanted: $3"
}

# succeeds DESCRIPTION COMMAND...; fails DESCRIPTION COMMAND...
succeeds() {
	local status=0 output
	output=$("${@:2}" 2>&1) || status=$?
	result "$1" "$status" "status $status" "$output"
}

fails() {
	local status=0 output
	output=$("${@:2}" 2>&1) && status=1
	result "$1" "$status" "succeeded:" "$output"
}

# relay COMMAND...: number the results that the command prints, and have the
# whole of it succeed.
relay() {
	local line status=0
	while IFS= read -r line; do
		case $line in
		'ok '*) result "${line#ok*- }" 0 ;;
		'not ok '*) result "${line#not ok*- }" 1 ;;
		'#'* | 1..*) printf '# %s\n' "${line#\# }" ;;
		*) printf '%s\n' "$line" >> "$work/relayed" ;;
		esac
	done < <(
		"$@" 2>&1 || status=$?
		printf '%d\n' "$status" > "$work/status"
	)
	status=$(< "$work/status")
	result "$description" "$status" "status $status" "$(tail -n 40 "$work/relayed")"
}

since=$SECONDS
# part NAME: what follows is about it.
part() {
	printf '# %d s; %s\n' $((SECONDS - since)) "$1"
}

# in_tree COMMAND...: run it as root of the plain system.
in_tree() {
	# shellcheck disable=SC2016 # the inner shell expands it
	unshare --mount --pid --net --ipc --uts --fork --kill-child \
		bash -c '
			mount -t proc proc "$1/proc"
			mount --rbind /dev "$1/dev"
			exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp \
				LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive INITRD=No \
				chroot "$@"
		' - "$tree" "$@" < /dev/null
}

# install_packages FILE|NAME...: files are packages of ours.
install_packages() {
	local words=() word
	for word; do
		if [[ $word == */* ]]; then
			cp "$word" "$tree/var/tmp/"
			word=/var/tmp/${word##*/}
		fi
		words+=("$word")
	done
	in_tree apt-get -q install -y --no-install-recommends "${words[@]}"
	rm -f "$tree"/var/tmp/*.deb
}

# All paths of the system, but those that are there for the record.
list_files() {
	(cd "$tree" && find . -xdev \( -path ./proc -o -path ./dev -o -path ./sys \
		-o -path ./var/log -o -path ./var/cache -o -path ./var/lib/apt \) \
		-prune -o -print) | grep -vE '^\./var/lib/dpkg/.*(-old|lock.*)$' |
		LC_ALL=C sort
}

# installed KERNEL: a copy of the module that DKMS installed, which it compresses
# where the kernel's own are.
installed() {
	local module=$tree/lib/modules/$1/updates/dkms/podwall.ko
	mkdir -p "$work/$1"
	if [[ -e $module.xz ]]; then
		xz -dc "$module.xz" > "$work/$1/podwall.ko"
	else
		cp "$module" "$work/$1/"
	fi
	printf '%s\n' "$work/$1/podwall.ko"
}
