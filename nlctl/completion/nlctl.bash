# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Completion of nlctl for bash.

# The pods that the module knows; none without it.
_nlctl_pods() {
	nlctl get pods 2> /dev/null | awk 'NR > 1 { print $1 }'
}

_nlctl() {
	local current=${COMP_WORDS[COMP_CWORD]}
	local previous=${COMP_WORDS[COMP_CWORD - 1]}
	local verbs='apply check diff explain flush get matrix monitor restore save
		set stats status'
	local common='--output --netns --help --version'
	local verb='' word candidates='' i

	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		case $word in
		-o | -n | --output | --netns)
			i=$((i + 1))
			;;
		-*) ;;
		*)
			verb=$word
			break
			;;
		esac
	done

	case $previous in
	-o | --output) candidates='table json' ;;
	-n | --netns)
		candidates=$(ip netns list 2> /dev/null | awk '{ print $1 }')
		;;
	-f | --file)
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		return
		;;
	--node-access) candidates='accept judge' ;;
	--deny) candidates='drop reject' ;;
	--direction) candidates='ingress egress' ;;
	--reason) candidates='no-policy rule isolated default unregistered node' ;;
	--sort) candidates='connections packets bytes name' ;;
	--pod) candidates=$(_nlctl_pods) ;;
	--port) candidates='80/tcp 443/tcp 53/udp icmp icmpv6' ;;
	--limit)
		candidates='addresses= peer_sets= rule_sets= pods= rules=
			members= guarded= transactions= memory='
		;;
	--guard | --add-guard | --event-rate | --count | --node | --namespace | --policy)
		return
		;;
	*)
		case $verb in
		'') candidates="$verbs $common" ;;
		apply)
			candidates="--file --node --dry-run --lenient
				--allow-empty $common"
			;;
		check) candidates="--file --lenient --strict $common" ;;
		diff)
			candidates="--file --node --lenient --allow-empty
				$common"
			;;
		explain)
			candidates="--file --lenient $common"
			[[ $current == -* ]] || candidates=$(_nlctl_pods)
			;;
		matrix) candidates="--file --lenient --port $common" ;;
		monitor)
			candidates="--pod --namespace --direction --reason --policy
				--accepted --changes --every --count $common"
			;;
		stats)
			candidates="--sort --unused --watch --count $common"
			[[ $current == -* ]] || candidates='reasons pods rules'
			;;
		get)
			candidates="pods rulesets peersets addresses settings
				$common"
			;;
		set)
			candidates="--guard --add-guard --no-guard --node-access --deny
				--event-rate --limit $common"
			;;
		save | restore)
			if [[ $current != -* ]]; then
				mapfile -t COMPREPLY < <(compgen -f -- \
					"$current")
				return
			fi
			candidates=$common
			[[ $verb == save ]] ||
				candidates="--keep-guard --if-empty $common"
			;;
		*) candidates=$common ;;
		esac
		;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$candidates" -- "$current")
}

complete -o filenames -F _nlctl nlctl
