#!/usr/bin/env bash
# turndown 7.2.5 with turndown-plugin-gfm 1.0.2. Expected: the Markdown that it makes of a page shows the page's words when it is
# rendered; it escapes `*`, `_` and `#` for that.
# https://github.com/mixmark-io/turndown#escaping-markdown-characters
# Seen: `<` and `&` are written as they are. "Promise&lt;Row&gt;" of the page becomes the tag <Row>, and is shown as "Promise";
# "&amp;lt;" is shown as "<". In a table a pipe and a line break are written as they are too, so that the cell is cut there: of the
# cell `read | write` beside `both` neither "write" stays in its place nor "both" at all.
# For a memory: what was read on a page about types or shell commands is kept without its point.
# Here: not used; nothing here makes Markdown of pages.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts turndown@7.2.5 turndown-plugin-gfm@1.0.2 markdown-it@15.0.3
cat >try.js <<'JS'
import MarkdownIt from 'markdown-it'
import Turndown from 'turndown'
import { gfm } from 'turndown-plugin-gfm'

const turndown = new Turndown({ headingStyle: 'atx', codeBlockStyle: 'fenced' })
turndown.use(gfm)
const markdown = new MarkdownIt({ html: true })
const table = (row) => `<table><thead><tr><th>Flag</th><th>Means</th></tr></thead><tbody><tr>${row}</tr></tbody></table>`
const words = (html) => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ').trim()
const pages = {
  starred: '<p>two * three * four</p>',
  generic: '<p>It answers Promise&lt;Row&gt; for each.</p>',
  entity: '<p>Write &amp;lt; for it.</p>',
  pipe: table('<td>read | write</td><td>both</td>'),
  lineBreak: table('<td>first<br>second</td><td>both</td>'),
}
const seen = {}
for (const [name, page] of Object.entries(pages)) {
  const made = turndown.turndown(page)
  seen[name] = words(markdown.render(made))
  console.log(`${words(page)}  ->  ${seen[name]}   of ${JSON.stringify(made)}`)
}
const expected = {
  starred: 'two * three * four',
  generic: 'It answers Promise for each.',
  entity: 'Write &lt; for it.',
  pipe: 'Flag Means read write',
  lineBreak: 'Flag Means first second both',
}
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
