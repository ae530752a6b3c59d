import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { Session } from 'node:inspector/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import { OPERATIONS } from '../src/operations/index.ts'
import { runOperation } from '../src/operations/run.ts'

// `node scripts/house.ts`: the house in numbers, as docs/explanation/architecture.md shows them: how many files a folder has,
// which rooms (folders) a call runs through, and which files speak of a thing of each kind.

const ROOT = join(import.meta.dirname, '..')
const SRC = join(ROOT, 'src')
const MOST_FILES = 14

type Call = readonly [name: string, tool: string, action: string, args: (n: number) => object]
const CALLS: readonly Call[] = [
  ['`search`', 'memory_query', 'search', (n) => ({ query: `force push ${n}` })],
  ['`add`', 'memory_guideline', 'add', (n) => ({ name: `no ${n}`, content: 'Never.', scope_type: 'global' })],
  ['`checkout`', 'memory_file_lock', 'checkout', (n) => ({ file_path: `/work/${n}.ts` })],
]

/** Something that is there, and how the files that had to know of it speak of it. */
const THINGS: readonly (readonly [kind: string, example: string, words: RegExp])[] = [
  ['an action', '`force_unlock`', /\bforce_unlock\b|\bforceUnlock\b/],
  ['a setting of Redis', '`AGENT_MEMORY_REDIS_MAX_RETRIES`', /\bMAX_RETRIES\b|\bmaxRetries\b/],
  ['an entry type', '`guideline`', /\bguideline\b(?!s)/],
]

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file))
  .toSorted()

console.log([foldersPart(), await roomsPart(), await thingsPart()].join('\n\n'))

function foldersPart(): string {
  const folders = [...Map.groupBy(files, dirname)].map(([folder, own]) => [folder, own.length] as const)
  const large = folders.filter(([, count]) => count > MOST_FILES).toSorted(([, a], [, b]) => b - a)
  const named = large.map(([folder, count]) => `\`${roomOf(folder)}\` ${count}`).join(', ') || 'none'
  const counts = folders.map(([, count]) => count).toSorted((a, b) => a - b)
  const median = counts[Math.floor(counts.length / 2)]
  return (
    `${files.length} files in ${folders.length} folders, ${median} in the median one; ` +
    `folders with more than ${MOST_FILES}: ${named}.`
  )
}

/** Runs each call on a real database, twice: what the first one of its kind sets up is not counted. */
async function roomsPart(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'agent-memory-house-'))
  const app = await openApp(readConfig({ AGENT_MEMORY_DATA_DIR: dataDir, AGENT_MEMORY_LOG_LEVEL: 'error' }))
  try {
    const rows: string[] = []
    for (const call of CALLS) rows.push(await roomsRow(app, call))
    return ['| call | rooms | files | the rooms |', '| --- | --- | --- | --- |', ...rows].join('\n')
  } finally {
    await app.close()
    await rm(dataDir, { recursive: true })
  }
}

async function roomsRow(
  app: Awaited<ReturnType<typeof openApp>>,
  [name, tool, action, args]: Call,
): Promise<string> {
  const run = async (n: number) => {
    const operation = OPERATIONS.find((each) => each.tool === tool && each.action === action)
    if (!operation) throw new RangeError(`no operation ${tool} ${action}`)
    const ctx = app.context({ agentId: `agent-${n}`, workspace: null })
    await runOperation(app.pipeline, ctx, operation, { ...args(n) })
  }
  await run(1)
  const crossed = await filesRunBy(() => run(2))
  const rooms = [...new Set(crossed.map((file) => roomOf(dirname(file))))]
  return `| ${name} | ${rooms.length} | ${crossed.length} | ${rooms.map((room) => `\`${room}\``).join(' ')} |`
}

/** The files of `src/` of which a function ran meanwhile. */
async function filesRunBy(work: () => Promise<void>): Promise<string[]> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
  await work()
  const { result } = await session.post('Profiler.takePreciseCoverage')
  session.disconnect()
  return result
    .filter(({ url, functions }) => url.startsWith('file:') && functions.some(isRun))
    .map(({ url }) => relative(SRC, fileURLToPath(url)))
    .filter((file) => !file.startsWith('..'))
    .toSorted()
}

/** The function without a name over the whole file is its loading. */
function isRun({ functionName, ranges }: { functionName: string; ranges: { count: number }[] }): boolean {
  return functionName !== '' && ranges.some(({ count }) => count > 0)
}

async function thingsPart(): Promise<string> {
  const texts = await Promise.all(
    files.map(async (file) => [file, await readFile(join(SRC, file), 'utf8')] as const),
  )
  const rows = THINGS.map(([kind, example, words]) => {
    const found = texts.filter(([, text]) => words.test(text)).map(([file]) => file)
    return `| ${kind} | ${example} | ${found.length} | ${found.map((file) => `\`${file}\``).join(' ')} |`
  })
  rows.push(await newFieldRow())
  return ['| what | as | files of `src/` | |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

function roomOf(folder: string): string {
  return folder === '.' ? 'src' : folder
}

/** Writes one more field into a copy, and asks the compiler which other files it misses it in. SQL needs a migration beside. */
async function newFieldRow(): Promise<string> {
  const home = 'domain/entries/entry.ts'
  const folder = join(ROOT, '.cache', `house-${process.pid}`)
  await cp(SRC, join(folder, 'src'), { recursive: true })
  try {
    const path = join(folder, 'src', home)
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.replace('  priority: z.int()', '  colour: z.string(),\n  priority: z.int()'))
    const config = '{"extends": "../../tsconfig.json", "include": ["src"], "exclude": ["src/page"]}'
    await writeFile(join(folder, 'tsconfig.json'), config)
    const stdout = [folder, join(folder, 'src/page')]
      .map((project) =>
        spawnSync('tsc', ['-p', project, '--pretty', 'false'], { encoding: 'utf8', cwd: folder }),
      )
      .map((run) => run.stdout)
      .join('')
    const missed = [...stdout.matchAll(/^src\/(\S+?)\(\d+/gm)].map(([, file = '']) => file)
    const touched = [...new Set([home, ...missed, 'store/migrations/…'])]
    const named = touched.map((file) => `\`${file}\``).join(' ')
    return `| a new field of all entries | compiles only with | ${touched.length} | ${named} |`
  } finally {
    await rm(folder, { recursive: true })
  }
}
