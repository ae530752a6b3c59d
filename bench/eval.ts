import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { askCoding, type CodingSet } from './eval/coding.ts'
import { rowsOf, tableOf } from './eval/figures.ts'
import { askLocomo, type LocomoSet } from './eval/locomo.ts'
import { openClient } from './mcp-client.ts'

// Retrieval quality through the real server over MCP stdio, on SQLite, or on PostgreSQL where its address is given:
//   npm run eval -- [FILE…] [--postgres=postgres://…] [--json]
// Without files: the two sets of this project.

const args = process.argv.slice(2)
const postgres = args.find((arg) => arg.startsWith('--postgres='))?.slice('--postgres='.length)
const ours = ['coding-dev.json', 'coding-more.json'].map((name) => join(import.meta.dirname, 'eval', name))
const given = args.filter((arg) => !arg.startsWith('--'))

for (const file of given.length > 0 ? given : ours) {
  const set = JSON.parse(readFileSync(file, 'utf8')) as CodingSet | LocomoSet
  for (const [name, env] of backends()) {
    const rows = rowsOf(await ask(set, env))
    if (args.includes('--json')) process.stdout.write(`${JSON.stringify({ file, database: name, rows })}\n`)
    else process.stdout.write(`\n${file}, ${name}\n\n${tableOf(rows)}`)
  }
}

/** On PostgreSQL everything is loaded into the database that is given: it should be an empty one. */
function backends(): [string, Record<string, string>][] {
  if (!postgres) return [['SQLite', {}]]
  return [['PostgreSQL', { AGENT_MEMORY_DB_TYPE: 'postgresql', AGENT_MEMORY_PG_URL: postgres }]]
}

async function ask(set: CodingSet | LocomoSet, env: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'agent-memory-eval-'))
  const client = await openClient({ AGENT_MEMORY_DATA_DIR: folder, ...env })
  try {
    return 'conversations' in set ? await askLocomo(client.call, set) : await askCoding(client.call, set)
  } finally {
    await client.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
