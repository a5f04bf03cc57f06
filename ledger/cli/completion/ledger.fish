# Completion of ledger for fish. fish keeps only what begins with or holds the word typed, so that gzw would never find 国资委:
# on Tab, letters that the program reads as initials give way to the one name they mean, or to the list of those they could mean.
function __ledger_ask
    set -l words (commandline -opc)
    LEDGER_COMPLETE="="(commandline -ct) $words[1] $words[2..-1] 2>/dev/null
end

function __ledger_offers
    if set -q __ledger_found
        printf '%s\n' $__ledger_found
        set -e __ledger_found
    else
        set -l found (__ledger_ask)
        if test (count $found) -gt 0
            printf '%s\n' $found
        else
            __fish_complete_path (commandline -ct)
        end
    end
end

function __ledger_tab
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    if test (count $words) -gt 0; and string match -q -r '(^|/)ledger$' -- $words[1]; and string match -q -r '^[0-9.]*[A-Za-z]+$' -- $word
        set -l found (__ledger_ask)
        if test (count $found) -gt 0; and not string match -q -- "*$word*" $found
            if test (count $found) -eq 1
                commandline -rt -- (string split -f 1 \t -- $found)" "
                return
            end
            set -g __ledger_found $found
            commandline -rt -- ""
        end
    end
    commandline -f complete
end

complete --command ledger --no-files --arguments '(__ledger_offers)'
bind \t __ledger_tab
bind --mode insert \t __ledger_tab
