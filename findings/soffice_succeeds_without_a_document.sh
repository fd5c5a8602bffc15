#!/usr/bin/env bash
# soffice --convert-to answers 0 when it could not load the file, and prints what is no document.
#
# A .docx cut off in transit gives "source file could not be loaded" on standard error, no PDF, and
# exit code 0; a file that is not there the same. A file that only has the ending (a sentence, a page
# of HTML saying that one must sign in) is not refused at all: it is taken for plain text, and
# becomes a PDF that shows it. Whoever trusts the exit code has no document; whoever looks only for
# the PDF may have another one. What helps: look for the PDF of each file, and open the .docx before.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
soffice --version

printf 'PK\003\004half a zip' > "$folder/half.docx"
printf '请先登录。\n' > "$folder/sentence.docx"

for name in half missing sentence; do
    code=0
    soffice "-env:UserInstallation=file://$folder/office" --headless --convert-to pdf \
        --outdir "$folder" "$folder/$name.docx" > "$folder/out" 2> "$folder/err" || code=$?
    [ -e "$folder/$name.pdf" ] && pdf=yes || pdf=no
    echo "$name.docx: exit code $code, PDF: $pdf, $(grep -o 'source file could not be loaded' "$folder/err" || true)"
    case $name in sentence) want=yes ;; *) want=no ;; esac
    [ "$code" = 0 ] && [ "$pdf" = "$want" ] || { echo "not so here"; exit 1; }
done
