# Completion of ledger for bash 3.2 and newer. The names that fit are asked of the program itself.
_ledger() {
    local line code=$PYTHONIOENCODING
    [[ $OSTYPE == msys* ]] && code=utf-8  # Git Bash reads UTF-8 where Windows would have Python write GBK
    COMPREPLY=()
    while IFS= read -r line; do
        COMPREPLY+=("${line%%$'\t'*}")
    done < <(LEDGER_COMPLETE="=${COMP_WORDS[COMP_CWORD]}" PYTHONIOENCODING=$code \
        "$1" "${COMP_WORDS[@]:1:COMP_CWORD-1}" 2>/dev/null)
}
complete -o default -F _ledger ledger
