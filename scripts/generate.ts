import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { TOOL_LIST } from '../src/transports/mcp/tools/tool-list.ts'
import { toolLines } from '../test/support/listed-tools.ts'
import { errorsPage } from './reference/errors.ts'
import { operationsPage } from './reference/operations.ts'
import { sdkCatalogue } from './reference/sdk.ts'
import { settingsPage } from './reference/settings.ts'

// Writes docs/reference/ and what the SDK knows of the operations from the tables in src/. With --check it writes nothing and fails when a page is out of date.
// What MCP clients are shown is written only with --tools: every agent reads it at each start, so no change of it goes by unseen.

const root = join(import.meta.dirname, '..')
const pages = {
  'docs/reference/operations.md': operationsPage(),
  'docs/reference/settings.md': settingsPage(),
  'docs/reference/errors.md': errorsPage(),
  'src/sdk/catalogue.ts': await sdkCatalogue(),
  ...(process.argv.includes('--tools') && { 'test/transports/mcp/listed-tools.jsonl': toolLines(TOOL_LIST) }),
}
const isCheck = process.argv.includes('--check')
const stale = Object.entries(pages).filter(([file, text]) => read(join(root, file)) !== text)

for (const [file, text] of isCheck ? [] : stale) {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}
for (const [file] of stale) process.stdout.write(`${isCheck ? 'out of date' : 'written'}: ${file}\n`)
if (isCheck && stale.length > 0) {
  process.stdout.write('Run `npm run generate` and commit what it writes.\n')
  process.exitCode = 1
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
