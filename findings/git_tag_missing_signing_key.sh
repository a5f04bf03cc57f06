#!/usr/bin/env bash
# git makes an unsigned tag and ends with 0 where a signed one was asked for and the SSH key cannot be read.
#
# Versions: git 2.39.5 (Debian 12), OpenSSH 9.2p1. No package is installed: both programs are the system's.
# Input: a repository with one commit; `gpg.format=ssh`, `user.signingkey` a path where no file is; `git tag -s -m seal sealed`.
# Seen:  "error: Couldn't load public key ..." on the standard error, exit code 0, and refs/tags/sealed is a tag object without a signature.
#        `git commit -S` with the same settings ends with 128 and makes no commit.
# A good guess is wrong: `-s` is a demand, documented as "Make a GPG-signed tag", and commit treats it as one; a script that signs releases or
# records and looks at exit codes takes the tag for signed. The tag object has to be read again: it must hold "-----BEGIN SSH SIGNATURE-----".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@example.org
git init --quiet .
git commit --quiet --allow-empty --message first
signing=(-c gpg.format=ssh -c "user.signingkey=$folder/no-such-key")

if git "${signing[@]}" commit --quiet -S --allow-empty --message second 2> commit.err; then code=0; else code=$?; fi
echo "git commit -S: exit $code, $(git rev-list --count HEAD) commit(s), $(head -1 commit.err)"
[ "$code" = 128 ] && [ "$(git rev-list --count HEAD)" = 1 ] || { echo "commit behaves otherwise now"; exit 1; }

if git "${signing[@]}" tag -s -m seal sealed 2> tag.err; then code=0; else code=$?; fi
echo "git tag -s:    exit $code, $(git tag --list | wc -l) tag(s), $(head -1 tag.err)"
[ "$code" = 0 ] && [ "$(git tag --list)" = sealed ] || { echo "tag refuses now: mended"; exit 1; }
git cat-file tag sealed
if git cat-file tag sealed | grep -q SIGNATURE; then echo "the tag is signed now"; exit 1; fi
