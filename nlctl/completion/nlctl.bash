# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Completion of nlctl for bash. nlctl itself knows what may come next.

_nlctl() {
	local line=${COMP_LINE:0:COMP_POINT} words answer kind current last cut='' word i

	# bash breaks words at "=" and ":" as well; nlctl does not.
	# shellcheck disable=SC2162 # a blank behind a backslash is part of a word
	read -a words <<< "$line"
	[[ $line != *[[:space:]] || $line == *\\[[:space:]] ]] || words+=('')
	current=${words[-1]}
	last=${COMP_WORDS[COMP_CWORD]//\\/}
	case $last in
	"$current") ;;
	[=:]*) cut=$current ;;
	*) cut=${current%"$last"} ;;
	esac

	COMPREPLY=()
	mapfile -t answer < <(nlctl complete -- "${words[@]:1}" 2> /dev/null)
	kind=${answer[0]-}
	for ((i = 1; i < ${#answer[@]}; i++)); do
		word=${answer[i]%%$'\t'*}
		[[ $word == "$current"* ]] || continue
		# What the shell would take apart or expand is written as it reads it.
		word=${word#"$cut"}
		[[ $word != *[![:alnum:]@%+=:,./_^-]* ]] || printf -v word %q "$word"
		COMPREPLY+=("$word")
	done
	if [[ $kind == files ]]; then
		compopt -o filenames 2> /dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "${current#"$cut"}")
	elif [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]]; then
		compopt -o nospace 2> /dev/null
	fi
}

complete -F _nlctl nlctl
