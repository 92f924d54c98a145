# What a check of a pull request runs, on GitHub (action.yml) and on GitLab (templates/guard.yml). They define ftplab(), and set
# RULES, and perhaps BEFORE, NEED, FORBID, CONFIG and OPTIONS. Every value is an argument, never a part of a command.

# guard FOLDER: tries the uploads and leaves the report in FOLDER. Returns the status of the check.
guard() {
  set -o pipefail
  local folder=$1 status=0 line name value
  local words=(--json "$folder/result.json")
  while IFS= read -r line; do [ -z "$line" ] || words+=("--need=$line"); done <<< "${NEED:-}"
  while IFS= read -r line; do [ -z "$line" ] || words+=("--forbid=$line"); done <<< "${FORBID:-}"
  [ -z "${CONFIG:-}" ] || words+=("--config=$CONFIG")
  while read -r name value; do
    [ -z "$name" ] || words+=("$name" ${value:+"$value"})
  done <<< "${OPTIONS:-}"
  if [ -n "${BEFORE:-}" ]; then
    words=(compare "${words[@]}" --write "$folder/report" -- "$BEFORE" "$RULES")
  else
    words=(try "${words[@]}" --html "$folder/report.html" -- "$RULES")
  fi
  ftplab "${words[@]}" 2>&1 | tee "$folder/output.txt" || status=$?
  return "$status"
}

# annotations FOLDER SERVICE [SUMMARY]: prints what the service shows beside the lines of the rules; appends to the summary.
annotations() {
  local folder=$1 service=$2 summary=${3:-} file said
  if [ -f "$folder/result.json" ]; then
    ftplab report "$folder/result.json" --annotate "$service" ${summary:+--summary "$summary"}
  elif [ "$service" = github ]; then
    # There is no result: the rules do not load, or the machine lacks something.
    file=${RULES//'%'/%25} file=${file//:/%3A} file=${file//,/%2C}
    said=$(grep -v '^note: ' "$folder/output.txt" | tail -n 8)
    said=${said//'%'/%25} said=${said//$'\r'/%0D} said=${said//$'\n'/%0A}
    echo "::error file=$file,title=The rules could not be tried::$said"
  fi
}
