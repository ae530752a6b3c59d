#!/usr/bin/env bash
# playwright-core 1.65.1 with Debian's Chromium 156. Expected: in a context with `javaScriptEnabled: false` a page shows what is in
# its <noscript>, as for a user who has switched JavaScript off.
# Seen: no script runs, and what is in <noscript> is not shown either: the parser goes on as if scripts were allowed.
# Here: the page says what it needs in its own body, by a style that shows it where no script has replaced it (src/page/index.html).
# Needs a Chromium: the one that TEST_BROWSER names, else /usr/bin/chromium.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund playwright-core@1.65.1
cat >try.js <<'JS'
import { chromium } from 'playwright-core'

const executablePath = process.env.TEST_BROWSER ?? '/usr/bin/chromium'
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage()
const text = '<p>always</p><script>document.body.append("ran")</script><noscript><p>without scripts</p></noscript>'
await page.goto(`data:text/html,${encodeURIComponent(text)}`)
const seen = {
  always: await page.getByText('always').isVisible(),
  ran: await page.getByText('ran').isVisible(),
  noscript: await page.getByText('without scripts').isVisible(),
}
await browser.close()
console.log(JSON.stringify(seen))
const isAsDescribed = JSON.stringify(seen) === JSON.stringify({ always: true, ran: false, noscript: false })
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
