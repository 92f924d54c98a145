#!/bin/bash
# Makes the files of this folder: what iptables-restore-translate makes of iptables files of the corpus, so that both can be held
# against each other. It cannot translate -j CT --helper ftp (nft has an object for that, after connection tracking): where it leaves
# such a rule out, a table of its own has it. Of --ctstate RELATED,ESTABLISHED,DNAT it keeps DNAT alone, which is another rule: such
# files are left out.
set -euo pipefail
cd "$(dirname "$0")/../.."
for name in "$@"; do
  source=$(find generated published -name "$name.rules")
  target=nft/translated/$name.nft
  iptables-restore-translate -f "$source" > "$target" 2> /dev/null
  rules=$(sed -n 's/^# -t raw -A PREROUTING \(.*\) -j CT --helper ftp *$/\1/p' "$target")
  sed -i '/^# Translated by\|^# Completed on/d; /^# -t raw -A PREROUTING .*CT --helper/d' "$target"
  # Names of chains that are words of nft.
  sed -Ei 's/^(add (chain|rule) ip \w+) (accept|reject|drop|dynamic|log)\b/\1 to_\3/; s/\b(jump|goto) (accept|reject|drop|dynamic|log)\b/\1 to_\2/' "$target"
  if grep -q '^# -t' "$target" || grep -q 'ctstate.*DNAT' "$source"; then
    echo "$name: $(grep -m1 '^# -t' "$target" || echo 'asks for the state DNAT')" >&2
    rm "$target"
    continue
  fi
  [ -z "$rules" ] && continue
  {
    printf 'add table ip assign\nadd ct helper ip assign ftp-standard { type "ftp" protocol tcp; }\n'
    printf 'add chain ip assign prerouting { type filter hook prerouting priority mangle; policy accept; }\n'
    while read -r match; do
      read -ra words <<< "$match"
      nft=''
      for ((at = 0; at < ${#words[@]}; at++)); do
        case ${words[at]} in
          -i) nft+="iifname \"${words[++at]}\" " ;;
          -p | -m) at=$((at + 1)) ;;
          --tcp-flags) at=$((at + 2)) ;;
          --dport) nft+="tcp dport ${words[++at]} " ;;
          --comment) while [[ $((at + 1)) -lt ${#words[@]} && ${words[at + 1]} != -* ]]; do at=$((at + 1)); done ;;
          *) echo "$name: ${words[at]} is not known here" >&2; exit 1 ;;
        esac
      done
      printf 'add rule ip assign prerouting %sct helper set "ftp-standard"\n' "$nft"
    done <<< "$rules"
  } >> "$target"
done
