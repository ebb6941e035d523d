#!/usr/bin/env bash
# Runs basekeeper in a job of GitHub Actions. What it prints holds names that others wrote: in the log they are no commands of
# the runner, in the summary of the step no markup.
set -uo pipefail

printed="$RUNNER_TEMP/basekeeper.txt"
code=0
node "$(dirname "${BASH_SOURCE[0]}")/../src/cli/main.ts" "$@" > "$printed" || code=$?
end=$(node -p 'crypto.randomUUID()')
echo "::stop-commands::$end"
cat "$printed"
echo "::$end::"
# GitHub shows no summary above 1 MiB, escaped.
{ echo "<pre>"; head -c 200000 "$printed" | sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g'; echo; echo "</pre>"; } >> "$GITHUB_STEP_SUMMARY"
exit "$code"
