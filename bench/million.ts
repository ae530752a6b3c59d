import { existsSync, mkdirSync, statSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readConfig } from '../src/config.ts'
import { duration, ratio } from './measure.ts'
import { copyToPostgres } from './million/copy.ts'
import { LARGE, largeTexts, load, SMALL, smallTexts } from './million/load.ts'
import { type Figures, measureIn } from './million/measure.ts'
import { openRaw } from './million/raw.ts'
import { makeQuestions } from './million/texts.ts'

// Searches in a memory of a million entries. It is made first, in a folder, and copied to an empty PostgreSQL database where its
// address is given; where it is there already, it is searched as it is:
//   node bench/million.ts --folder=/tmp/million [--entries=1000000] [--postgres=postgres://…]
// (after `npm run build`: a real server is asked over MCP stdio).

const { values: given } = parseArgs({
  options: {
    folder: { type: 'string' },
    entries: { type: 'string', default: '1000000' },
    postgres: { type: 'string' },
    count: { type: 'string', default: '100' },
  },
})
const { folder, postgres } = given
if (folder === undefined) throw new RangeError('--folder says where the database is, or is to be made')
const entries = Number(given.entries)
const sqliteEnv = { AGENT_MEMORY_DATA_DIR: folder }
const file = join(folder, 'memory.db')
if (!existsSync(file)) {
  await timed('loaded into SQLite', () => load(readConfig(sqliteEnv), entries, tell))
  process.stdout.write(`the file: ${Math.round(statSync(file).size / 2 ** 20)} MiB\n`)
}
const env = postgres === undefined ? sqliteEnv : await postgresEnv(postgres)
const count = Number(given.count)
const raw = await openRaw(env)
const places = [
  { name: LARGE, ...largeTexts(entries) },
  { name: SMALL, ...smallTexts() },
]
const HEAD = ['questions', 'median', 'p95', 'processor', 'p95', 'bare statement', 'ratio', 'found']
for (const { name, ...texts } of places) {
  const questions = makeQuestions({ ...texts, count })
  const { rows, resident } = await measureIn(env, name, { raw, questions, isRawTimed: name === LARGE })
  const lines = [HEAD, HEAD.map(() => '---'), ...rows.map(cellsOf)]
  process.stdout.write(`\n${name}:\n\n${lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('')}`)
  const [first, last] = resident.map((bytes) => Math.round(bytes / 2 ** 20))
  process.stdout.write(`\n${first} MiB of memory after the first searches, ${last} MiB after all.\n`)
}
process.stdout.write(
  `load of the machine: ${loadavg()
    .map((each) => each.toFixed(1))
    .join(' ')}\n`,
)
await raw.close()

function cellsOf({ kind, rawMedian, found, ...times }: Figures): string[] {
  const bare = rawMedian === null ? ['', ''] : [duration(rawMedian), ratio(times.median / rawMedian)]
  const share = found === null ? '' : found.toFixed(2)
  const own = [times.median, times.p95, times.processorMedian, times.processor95].map(duration)
  return [kind, ...own, ...bare, share]
}

async function postgresEnv(url: string) {
  const dataDir = join(folder ?? '', 'beside-postgresql')
  const settings = {
    AGENT_MEMORY_DATA_DIR: dataDir,
    AGENT_MEMORY_DB_TYPE: 'postgresql',
    AGENT_MEMORY_PG_URL: url,
  }
  if (!existsSync(dataDir)) {
    await timed('copied to PostgreSQL', () => copyToPostgres(file, readConfig(settings), url))
    mkdirSync(dataDir)
  }
  return settings
}

async function timed(what: string, work: () => Promise<void>): Promise<void> {
  const started = performance.now()
  await work()
  process.stdout.write(`${what} in ${Math.round((performance.now() - started) / 1_000)} s\n`)
}

function tell(done: number): void {
  if (done % 100_000 < 20_000) process.stderr.write(`${done} entries\n`)
}
