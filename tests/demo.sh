# The demonstration behind `make demo`: the sample book, iterated with the built-in editor. Needs no network and no key.
set -eu
bookiter=$1
place=$2

# A machine without a git identity can still see the demonstration; nothing outside its folder is touched.
export GIT_AUTHOR_NAME="${GIT_AUTHOR_NAME:-A. Novelist}" GIT_AUTHOR_EMAIL="${GIT_AUTHOR_EMAIL:-novelist@example.org}"
export GIT_COMMITTER_NAME="$GIT_AUTHOR_NAME" GIT_COMMITTER_EMAIL="$GIT_AUTHOR_EMAIL"
export BOOKITER_PROVIDER=builtin

show() {
    printf '\n$ bookiter'
    for word in "$@"; do
        case $word in *[!A-Za-z0-9_./=-]*) printf " '%s'" "$word" ;; *) printf ' %s' "$word" ;; esac
    done
    printf '\n'
    "$bookiter" "$@" 2>&1
}

show init --sample "$place"
cd "$place"
show status
show iterate --yes 'rename Thirza to Keturah everywhere'
show iterate --yes 'delete the sentence “It was, all things considered, a very complicated situation.” in chapter 4'
show iterate --yes 'use curly quotes in chapter 6'
show iterate --yes 'insert “It was the first visitor’s slip of the week.” after “and wrote it on the slip.” in chapter 3'
show iterate --preview 'replace "washed her hands" with "scrubbed her hands" in chapter 3'
show candidates
show undo
say() { printf '\n$ %s\n' "$1"; }
say "bookiter analyze-intent 'convert double hyphens to em dashes in chapter 6' | bookiter detect-scale - | bookiter diff - > change.diff"
"$bookiter" analyze-intent --quiet 'convert double hyphens to em dashes in chapter 6' | "$bookiter" detect-scale --quiet - |
    "$bookiter" diff --quiet - >change.diff
say 'cut -c1-100 change.diff'
cut -c1-100 change.diff
say 'bookiter apply change.diff && bookiter judge -o verdict.json && bookiter commit'
"$bookiter" apply change.diff 2>&1 && "$bookiter" judge -o verdict.json 2>&1 && "$bookiter" commit 2>&1
rm change.diff verdict.json
# What is not clear is asked about, with exit code 3; here nobody is there to answer.
show iterate --no-input 'rename Wilf to Alf in chapter 12' || true
show iterate --yes 'retitle the last chapter to “Hold the Dog”'
printf '\n$ git log --oneline\n'
git --no-pager log --oneline
printf '\n$ git show --stat HEAD\n'
git --no-pager show --stat HEAD
printf '\nThe book is in %s. Each line above is one commit; `bookiter undo` takes any of them back.\n' "$place"
