#!/usr/bin/env bash
# The same format placeholder %G? answers differently in `git log` and in `git diff-tree --stdin`: plumbing does not read the settings of
# SSH signatures, and calls a good signature one that cannot be checked.
#
# Versions: git 2.39.5 (Debian 12), OpenSSH 9.2p1. Uses the git and ssh-keygen on PATH; nothing is downloaded.
# Input: a repository with gpg.format=ssh and gpg.ssh.allowedSignersFile, and one commit signed with a key of that file.
# Seen:  `git log -1 --format=%G?` prints G; `git rev-list -1 HEAD | git diff-tree --stdin --root -s --format=%G?` prints
#        N (no signature), after "error: gpg.ssh.allowedSignersFile needs to be configured", and `git rev-list -1 --format=%G? HEAD` likewise; with the same settings on the command line (-c) nothing changes.
# A good guess is wrong because both commands document the same placeholders (pretty-formats) and take the same repository configuration; who
# moves a walk from `log` to plumbing, to be independent of log's settings, takes every honest commit for an unsigned one. What works: `git log
# --no-walk --stdin --format=%G?` for the signatures, or `git verify-commit --raw`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export GIT_CONFIG_NOSYSTEM=1 HOME="$folder"
git init --quiet repository
cd repository
git config user.name Signer
git config user.email signer@example.org
ssh-keygen -q -t ed25519 -N '' -C signer -f ../key
printf 'signer@example.org %s\n' "$(cat ../key.pub)" > ../allowed
git config gpg.format ssh
git config user.signingKey "$folder/key"
git config gpg.ssh.allowedSignersFile "$folder/allowed"
echo text > file
git add file
git commit --quiet --gpg-sign --message signed

by_log=$(git log -1 --format=%G?)
by_log_stdin=$(git rev-list -1 HEAD | git log --no-walk --stdin --format=%G?)
by_diff_tree=$(git rev-list -1 HEAD | git diff-tree --stdin --root -s --format=%G? | tail -n 1)
by_rev_list=$(git rev-list -1 --format=%G? HEAD | tail -n 1)
git --version
printf 'log: %s   log --stdin: %s   diff-tree --stdin: %s   rev-list: %s\n' "$by_log" "$by_log_stdin" "$by_diff_tree" "$by_rev_list"
git verify-commit HEAD 2> /dev/null || { echo "verify-commit refuses the signature" >&2; exit 1; }
[ "$by_log" = G ] && [ "$by_log_stdin" = G ] || { echo "log does not call the signature good" >&2; exit 1; }
[ "$by_diff_tree" = N ] && [ "$by_rev_list" = N ] || { echo "plumbing reads the settings now" >&2; exit 1; }
