import { cpus } from 'node:os'
import { compareWithDriver } from './against-driver.ts'
import { measureAnswers } from './answers.ts'
import { measureColdStarts } from './cold-start.ts'
import { measureEvents } from './events.ts'
import { measureHooks } from './hooks.ts'
import { measureInstances } from './instances/index.ts'
import { duration, ratio } from './measure.ts'
import { measureOverStdio } from './over-stdio.ts'
import { measureRedis } from './redis/index.ts'
import { measureSearch } from './search.ts'

// `npm run bench` (after a build): every figure of docs/performance.md, as Markdown. `npm run bench -- cold-start` runs one part.

const PARTS: Readonly<Record<string, () => Promise<string>>> = {
  driver: driverPart,
  search: searchPart,
  stdio: stdioPart,
  'cold-start': coldStartPart,
  redis: redisPart,
  instances: instancesPart,
  events: eventsPart,
  answers: answersPart,
  hooks: hooksPart,
}

const SIZES = [1_000, 10_000, 100_000]
const MEBIBYTE = 1024 * 1024

const chosen = process.argv.slice(2)
const { sqlite, node } = process.versions
process.stdout.write(
  `Node ${node}, SQLite ${sqlite}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}\n\n`,
)
for (const [name, part] of Object.entries(PARTS)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue
  process.stderr.write(`${name} …\n`)
  process.stdout.write(`${await part()}\n`)
}

async function hooksPart(): Promise<string> {
  const times = await measureHooks()
  const bare = times[0]?.ms ?? Number.NaN
  return table(
    ['a process, from start to end', 'median', 'of an empty Node program'],
    times.map(({ name, ms }) => [name, duration(ms), ratio(ms / bare)]),
  )
}

async function driverPart(): Promise<string> {
  const rows = (await compareWithDriver()).map(({ name, ours, driver }) => [
    name,
    duration(ours),
    duration(driver),
    ratio(ours / driver),
  ])
  return table(
    ['in the process, one call', 'agent-memory', 'the same statements on the driver', 'ratio'],
    rows,
  )
}

async function searchPart(): Promise<string> {
  const rows: string[][] = []
  for (const size of SIZES) {
    const f = await measureSearch(size)
    rows.push([
      size.toLocaleString('en'),
      duration(f.coldMedian),
      duration(f.cold95),
      duration(f.repeatedMedian),
      ratio(f.coldMedian / f.repeatedMedian),
      duration(f.contextMedian),
      duration(f.listMedian),
      duration(f.addedPerEntry),
      `${(f.databaseBytes / MEBIBYTE).toFixed(0)} MiB`,
      `${(f.residentBytes / MEBIBYTE).toFixed(0)} MiB`,
    ])
  }
  const head = ['entries', 'search, first time', 'p95', 'repeated', 'faster by', 'context', 'list']
  return table([...head, 'bulk_add, an entry', 'database', 'process'], rows)
}

async function stdioPart(): Promise<string> {
  const figures = await measureOverStdio()
  return table(
    ['over MCP stdio, 10,000 entries', 'median', 'p95'],
    figures.map(({ name, median, p95 }) => [name, duration(median), duration(p95)]),
  )
}

async function coldStartPart(): Promise<string> {
  const starts = await measureColdStarts()
  const own = starts[0]?.ms ?? Number.NaN
  return table(
    ['start to the first tools/list', 'median', 'peak memory', 'agent-memory takes'],
    starts.map(({ name, ms, peakBytes }, place) => [
      name,
      duration(ms),
      `${(peakBytes / MEBIBYTE).toFixed(0)} MiB`,
      place === 0 ? '' : ratio(own / ms),
    ]),
  )
}

async function redisPart(): Promise<string> {
  return table(['over Redis on the same machine', 'agent-memory', 'beside it', ''], await measureRedis())
}

async function instancesPart(): Promise<string> {
  const rows = (await measureInstances()).map((f) => [
    f.entries.toLocaleString('en'),
    String(f.instances),
    Math.round(f.readsPerSecond).toLocaleString('en'),
    duration(f.perRead),
    duration(f.sharedMs),
  ])
  const head = ['entries', 'instances', 'repeated searches a second', 'one of them', 'first time on the last']
  return table(head, rows)
}

async function eventsPart(): Promise<string> {
  const rows = (await measureEvents()).map((f) => [
    f.name,
    duration(f.written),
    duration(f.woken),
    duration(f.woken99),
    duration(f.wokenMax),
  ])
  return table(['two servers on', 'write answered', 'wait answered', 'p99', 'longest'], rows)
}

async function answersPart(): Promise<string> {
  const rows = (await measureAnswers()).map(({ name, everything, text }) => [
    name,
    everything.toLocaleString('en'),
    text.toLocaleString('en'),
    `${((text / everything) * 100).toFixed(0)} %`,
  ])
  return table(['answer over MCP', 'everything, in tokens', 'the text block', ''], rows)
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}
