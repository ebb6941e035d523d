#!/bin/sh
# Writes a page of what is up: SERVICES="shop=up mail=down" sh write-page.sh > index.html
set -eu
echo '<!doctype html><title>Status</title><ul>'
for service in ${SERVICES:-}; do
  echo "$service" | sed 's|\(.*\)=\(.*\)|<li>\1 is \2</li>|'
done
echo '</ul>'
