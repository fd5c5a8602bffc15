#!/bin/sh
# Encrypted backups of database and files by PostgreSQL's own tools, and the way back.
#
#   backup.sh base                  a whole copy of the database server (once a day)
#   backup.sh wal PATH NAME         one piece of its log (PostgreSQL calls it: archive_command)
#   backup.sh media                 uploaded files that are new (every quarter of an hour)
#   backup.sh restore DATA          newest copy and all of the log into an empty folder, as PostgreSQL's user
#   backup.sh files MEDIA           the files into an empty folder, as the portal's user, who alone can read them
#   backup.sh fetch NAME PATH       one piece of the log back (PostgreSQL calls it)
#
# BACKUP_DIR: where backups lie, best another machine's disk. MEDIA_ROOT: the portal's files. Each
# file is there whole or not at all. BACKUP_KEY, kept apart from them too: a file with a passphrase
# (GnuPG, AES-256), or a folder with one folder of keys for each user that runs this, like KEY_FOLDER,
# and BACKUP_CIPHER aes-256-gcm or sm4-128-gcm (the portal's own sealing: GnuPG knows no SM4).
set -eu
umask 077
: "${BACKUP_DIR:?}" "${BACKUP_KEY:?}"
self=$(readlink -f "$0")
scratch=$(mktemp -d "${TMPDIR:-/tmp}/portal-backup.XXXXXX")
export GNUPGHOME="$scratch/gnupg"
mkdir "$GNUPGHOME"
trap 'rm -rf "$scratch"' EXIT

if [ -d "$BACKUP_KEY" ]; then
    end=sealed
    keys="$BACKUP_KEY/$(id -un)"
    crypto() { (cd "$(dirname "$self")/.." && "${BACKUP_PYTHON:-.venv/bin/python}" -m crypto "$@"); }
    encrypt() { crypto seal "$keys" "${BACKUP_CIPHER:?}" "$1"; }
    bring() { crypto open "$keys" "${1#"$BACKUP_DIR"/}" "$1"; }
else
    end=gpg
    trap 'gpgconf --kill gpg-agent; rm -rf "$scratch"' EXIT
    gpg_quietly() {
        gpg --batch --quiet --no-symkey-cache --pinentry-mode loopback --passphrase-file "$BACKUP_KEY" "$@"
    }
    encrypt() { gpg_quietly --symmetric --cipher-algo AES256 --output -; }
    bring() { gpg_quietly --decrypt "$1"; }
fi

# Encrypt what comes in, under the name once it is complete.
keep() {
    mkdir -p "$(dirname "$1")"
    if encrypt "${1#"$BACKUP_DIR"/}" > "$1.part"; then
        sync "$1.part"
        mv "$1.part" "$1"
    else
        rm -f "$1.part"
        return 1
    fi
}

base() {
    name="$BACKUP_DIR/base/$(date -u +%Y%m%dT%H%M%SZ).tar.gz.$end"
    pg_basebackup --pgdata="$scratch/data" --format=plain --wal-method=stream --checkpoint=fast \
        ${DATABASE_URL:+--dbname="$DATABASE_URL"}
    tar -C "$scratch/data" -czf "$scratch/base" .
    keep "$name" < "$scratch/base"
    bring "$name" | cmp - "$scratch/base"
    echo "$name"
}

wal() {
    kept="$BACKUP_DIR/wal/$2.$end"
    if [ -e "$kept" ]; then
        bring "$kept" | cmp -s - "$1"  # the same piece once more is well, another is refused
    else
        keep "$kept" < "$1"
    fi
}

media() {
    cd "$MEDIA_ROOT"
    find . -type f ! -name '*.part' | while IFS= read -r file; do
        [ -e "$BACKUP_DIR/media/${file#./}.$end" ] || keep "$BACKUP_DIR/media/${file#./}.$end" < "$file"
    done
}

empty() {
    mkdir -p "$1"
    [ -z "$(ls -A "$1")" ] || { echo "$1 不是空的,没有恢复。" >&2; exit 1; }
}

restore() {
    data=$1
    empty "$data"
    newest=$(ls "$BACKUP_DIR"/base/*."$end" | tail -1)
    bring "$newest" > "$scratch/base"  # whole and unchanged, before anything is unpacked
    tar -C "$data" -xzf "$scratch/base"
    chmod 700 "$data"
    printf "restore_command = 'BACKUP_DIR=\"%s\" BACKUP_KEY=\"%s\" BACKUP_PYTHON=\"%s\" sh \"%s\" fetch %%f %%p'\n" \
        "$BACKUP_DIR" "$BACKUP_KEY" "${BACKUP_PYTHON:-}" "$self" >> "$data/postgresql.auto.conf"
    printf "archive_mode = off\n" >> "$data/postgresql.auto.conf"
    touch "$data/recovery.signal"
    echo "$newest"
}

files() {
    empty "$1"
    [ -d "$BACKUP_DIR/media" ] || { echo "备份里没有文件。"; return 0; }
    find "$BACKUP_DIR/media" -type f -name "*.$end" > "$scratch/list"  # fails where it may not read
    while IFS= read -r kept; do
        file="$1/${kept#"$BACKUP_DIR/media/"}"
        mkdir -p "$(dirname "$file")"
        bring "$kept" > "${file%."$end"}"
    done < "$scratch/list"
    echo "$(wc -l < "$scratch/list") 个文件"
}

fetch() {
    [ -e "$BACKUP_DIR/wal/$1.$end" ] || exit 1
    bring "$BACKUP_DIR/wal/$1.$end" > "$2"
}

"$@"
