#!/usr/bin/env bash
# Makes every recording of this folder (16 kHz, mono, PCM s16) and its manifest.json again, from text alone.
# All random parts are seeded: two runs give the same bytes.
#   apt-get install -y --no-install-recommends flite festival festvox-us-slt-hts espeak-ng sox     # and Node 20 or newer
#   libs/testing/recordings/make/make-recordings.sh [output folder]                                # by default the folder above this one
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$(dirname "$here")}
mkdir -p "$out"
for program in flite text2wave espeak-ng sox node; do
  command -v "$program" >/dev/null || { echo "missing: $program (see the first lines of this script)" >&2; exit 1; }
done
spoken=$(mktemp -d)
trap 'rm -rf "$spoken"' EXIT

# speak ID VOICE TEXT writes $spoken/ID.wav: whatever rate the engine has, then 16 kHz mono s16 with its peak at -3 dBFS.
speak() {
  local raw="$spoken/$1.raw.wav"
  case $2 in
    flite-*) flite -voice "${2#flite-}" -t "$3" -o "$raw" >/dev/null 2>&1 ;;
    fest-slt) printf '%s\n' "$3" | text2wave -eval '(voice_cmu_us_slt_arctic_hts)' -o "$raw" 2>/dev/null ;;
    espeak-*) espeak-ng -v "${2#espeak-}" -s 150 -w "$raw" "$3" 2>/dev/null ;;
    *) echo "unknown voice: $2" >&2; exit 1 ;;
  esac
  sox -R -D -G "$raw" -r 16000 -c 1 -b 16 "$spoken/$1.wav" norm -3
}

while IFS='|' read -r id voice text; do
  [[ -z $id || $id == \#* ]] || speak "$id" "$voice" "$text"
done <"$here/utterances.txt"
node "$here/build-recordings.mjs" "$spoken" "$out" "$here/utterances.txt"
echo "wrote $(find "$out" -name '*.wav' | wc -l) recordings"
