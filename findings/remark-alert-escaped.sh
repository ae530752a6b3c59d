#!/usr/bin/env bash
# remark-stringify 11.0.0 with remark-gfm 4.0.1. Expected: a Markdown file that is read and written unchanged shows on GitHub, and in a
# vault of notes, what it has shown before.
# Seen: brackets that are no link are escaped, so the alert `> [!NOTE]` becomes `> \[!NOTE]`, a quotation with a bracket in it, and
# `[[a note]]` becomes `\[\[a note]]`, which links to nothing. To CommonMark both are the same as before, so nothing is reported.
# For a memory: one run of a formatter over the rules, and the warnings in them are no warnings any more.
# Here: not used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts unified@11.0.5 remark-parse@11.0.0 remark-gfm@4.0.1 remark-stringify@11.0.0
cat >try.js <<'JS'
import remarkGfm from 'remark-gfm'
import remarkParse from 'remark-parse'
import remarkStringify from 'remark-stringify'
import { unified } from 'unified'

const lines = ['> [!WARNING]\n> Ask first.', 'See [[deploy notes]].', '* [ ] ask']
const written = async (text) => `${await unified().use(remarkParse).use(remarkGfm).use(remarkStringify).process(text)}`.trim()
const seen = []
for (const text of lines) seen.push(await written(text))
for (const [i, text] of seen.entries()) console.log(`${JSON.stringify(lines[i])} is written as ${JSON.stringify(text)}`)
const isAsDescribed = seen.join('|') === '> \\[!WARNING]\n> Ask first.|See \\[\\[deploy notes]].|* [ ] ask'
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
