#compdef ledger
# Completion of ledger for zsh. -U: the program has chosen already, and 国资委 does not begin with the gzw that was typed.
_ledger() {
    local line
    local -a values shown
    while IFS= read -r line; do
        values+=("${line%%$'\t'*}")
        shown+=("${line/$'\t'/  }")
    done < <(LEDGER_COMPLETE="=${(Q)PREFIX}" ${(Q)words[1]} "${(@Q)words[2,CURRENT-1]}" 2>/dev/null)
    if (( ! $#values )); then
        _files
        return
    fi
    [[ $#values -gt 1 && -z ${(M)values:#${(Q)PREFIX}*} ]] && compstate[insert]=menu
    compadd -U -l -d shown -a values
}
if [[ $funcstack[1] == _ledger ]]; then  # loaded from fpath at the first Tab: answer it
    _ledger "$@"
else
    compdef _ledger ledger
fi
