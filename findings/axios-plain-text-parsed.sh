#!/usr/bin/env bash
# axios 1.21.1. Expected: an answer of the type text/plain is a text; JSON is what says that it is JSON.
# Seen: whatever the type, what can be parsed is. The text "1.10" is the number 1.1, "null" is null and "true" a boolean, a long number is
# rounded, while "1.1.0" and "007" stay texts. `responseType: 'text'`, said for the call, leaves it as it is.
# For a memory: what an entry's text is read as depends on what it says.
# Here: entries are answered as JSON.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts axios@1.21.1
cat >try.js <<'JS'
import axios from 'axios'
import { createServer } from 'node:http'

const server = createServer((request, response) => {
  response.setHeader('content-type', 'text/plain; charset=utf-8')
  response.end(decodeURIComponent(request.url.slice(1)))
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const address = `http://127.0.0.1:${server.address().port}/`
const texts = ['1.10', 'null', 'true', '12345678901234567890', '1.1.0', '007']
const seen = []
for (const text of texts) {
  const read = async (options) => (await axios.get(address + text, options)).data
  seen.push([await read(), await read({ responseType: 'text' })])
}
server.close()
server.closeAllConnections()
for (const [i, [plain, asText]] of seen.entries()) console.log(`${texts[i]}: ${JSON.stringify(plain)}, as text ${JSON.stringify(asText)}`)
const expected = [1.1, null, true, 12345678901234567000, '1.1.0', '007'].map((plain, i) => [plain, texts[i]])
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
