#!/usr/bin/env bash
# git-url-parse 16.1.0. Expected: toString('https') of the address of a remote is one that answers; a port belongs to its protocol, and 2222
# of ssh is not one of https.
# https://github.com/IonicaBizau/git-url-parse#readme
# Seen: `ssh://git@host:2222/owner/name.git` becomes `https://host:2222/owner/name.git`. Without a port it is right.
# For a memory: the link to the project's page leads to the ssh server, which does not answer a browser.
# Here: not used; a project is known by its remotes (src/services/workspace/repository.ts), which are never made into links.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts git-url-parse@16.1.0
cat >try.js <<'JS'
import parse from 'git-url-parse'

const seen = {
  withPort: parse('ssh://git@git.example.com:2222/owner/name.git').toString('https'),
  without: parse('ssh://git@git.example.com/owner/name.git').toString('https'),
}
console.log(JSON.stringify(seen, null, 1))
const expected = {
  withPort: 'https://git.example.com:2222/owner/name.git',
  without: 'https://git.example.com/owner/name.git',
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
