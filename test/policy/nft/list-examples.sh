#!/bin/bash
# Writes examples.json: what nft lists of each example of examples.nft, in a network namespace of its own, so that tests need no nft.
# Usage, as root: list-examples.sh
set -euo pipefail
cd "$(dirname "$0")"
if [ "${1-}" != inside ]; then exec unshare --net ./list-examples.sh inside; fi
examples=$(mktemp -d)
csplit --quiet --elide-empty-files --prefix "$examples/" examples.nft '/^## /' '{*}'
{
  echo '{'
  comma=''
  for example in "$examples"/*; do
    name=$(sed -n '1s/^## //p' "$example")
    [ -z "$name" ] && continue
    nft flush ruleset
    nft -f "$example"
    printf '%s"%s": { "source": %s, "listing": { "text": %s, "json": %s } }\n' "$comma" "$name" \
      "$(node -p 'JSON.stringify(require("fs").readFileSync(0, "utf8"))' < "$example")" \
      "$(nft -a -s -t list ruleset | node -p 'JSON.stringify(require("fs").readFileSync(0, "utf8"))')" \
      "$(nft -j -a list ruleset | node -p 'JSON.stringify(JSON.parse(require("fs").readFileSync(0, "utf8")).nftables)')"
    comma=,
  done
  echo '}'
} > examples.json
