#!/usr/bin/env bash
# Installs, for the current user, the free Fandol fonts that stand in for 仿宋, 楷体, 黑体, 宋体
# and 方正小标宋 when LibreOffice shows a document on Linux. Needs apt (Debian, Ubuntu) and
# fontconfig. Word and WPS have the real fonts; nothing here changes a document.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
fonts=${XDG_DATA_HOME:-$HOME/.local/share}/fonts/fandol
rules=${XDG_CONFIG_HOME:-$HOME/.config}/fontconfig/conf.d/60-deliverables-fandol.conf

say() { printf '%s\n' "$*" >&2; }

fetch_fonts() {
    local work fetched
    work=$(mktemp -d)
    # shellcheck disable=SC2064  # the folder of now, not of the end
    trap "rm -rf '$work'" EXIT
    say "Fetching the Fandol fonts (a 50 MB package of which 35 MB are kept) …"
    (cd "$work" && apt-get -o Acquire::Retries=3 -qq download texlive-lang-chinese 2>"$work/log") || {
        cat "$work/log" >&2
        say "The package texlive-lang-chinese could not be fetched: run 'apt-get update' as root first."
        exit 1
    }
    dpkg-deb --extract "$work"/texlive-lang-chinese_*.deb "$work/package"
    fetched=$work/package/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol
    mkdir -p "$fonts"
    for face in Fang-Regular Kai-Regular Hei-Regular Hei-Bold Song-Regular Song-Bold; do
        install -m 644 "$fetched/Fandol$face.otf" "$fonts/"
    done
    install -m 644 "$work/package/usr/share/doc/texlive-doc/fonts/fandol/COPYING.gz" "$fonts/"
}

for tool in apt-get dpkg-deb fc-cache fc-match; do
    command -v "$tool" >/dev/null || { say "$tool is missing; this script is for Debian and Ubuntu."; exit 1; }
done
installed=$(fc-list : family)
for family in FandolFang FandolKai FandolHei FandolSong; do
    grep -q "$family" <<<"$installed" || { fetch_fonts; break; }
done
if ! cmp -s "$here/preview-fonts/fonts.conf" "$rules"; then
    mkdir -p "$(dirname "$rules")"
    install -m 644 "$here/preview-fonts/fonts.conf" "$rules"
    fc-cache --force "$fonts"
fi
shown=$(fc-match -f '%{family}' 仿宋_GB2312)
case $shown in
    *[Ff]ang*) say "仿宋_GB2312 is shown with $shown." ;;
    *) say "仿宋_GB2312 is still shown with $shown: fontconfig does not read $rules."; exit 1 ;;
esac
