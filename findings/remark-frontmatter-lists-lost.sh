#!/usr/bin/env bash
# remark 15.0.1 with remark-frontmatter 5.0.0. Expected: the plugin reads front matter at the head of a file and leaves a file without
# any as it is. A rule `---` in the first line, with no second one below, is no front matter.
# https://github.com/remarkjs/remark-frontmatter
# Seen: such a file has no list and no quotation any more, however far below: their lines are plain paragraphs, and what is written
# has them as `\- item`, `\> quote` and `1\. step`. Headings stay. Without the plugin, or with text above the rule, all is right.
# For a memory: notes that are tidied on their way in, or cut at their list items, lose their form for good.
# Here: not used; front matter is found in the text (src/services/transfer/).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts remark@15.0.1 remark-frontmatter@5.0.0 micromark-extension-frontmatter@2.0.0
cat >try.js <<'JS'
import { remark } from 'remark'
import frontmatter from 'remark-frontmatter'

const body = '# Deploys\n\n* ask first\n* then tag\n\n> Never on Fridays.\n'
const withPlugin = remark().use(frontmatter)
const types = (processor, text) => processor.parse(text).children.map(({ type }) => type).join(' ')
const seen = {
  plain: types(remark(), `---\n\n${body}`),
  frontmatter: types(withPlugin, `---\n\n${body}`),
  ruleBelow: types(withPlugin, `Notes\n\n---\n\n${body}`),
  withMatter: types(withPlugin, `---\na: 1\n---\n\n${body}`),
  written: String(withPlugin.processSync(`---\n\n${body}`)),
}
for (const [name, each] of Object.entries(seen)) console.log(name.padEnd(12), each)
const expected = {
  plain: 'thematicBreak heading list blockquote',
  frontmatter: 'thematicBreak heading paragraph paragraph',
  ruleBelow: 'paragraph thematicBreak heading list blockquote',
  withMatter: 'yaml heading list blockquote',
  written: '***\n\n# Deploys\n\n\\* ask first\n\\* then tag\n\n\\> Never on Fridays.\n',
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
