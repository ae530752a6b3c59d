import { existsSync } from 'node:fs'
import { cpus } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { compareWithDriver } from './against-driver.ts'
import { measureAnswers } from './answers.ts'
import { measureBalancer } from './balancer.ts'
import { measureColdStarts } from './cold-start.ts'
import { measureEvents } from './events.ts'
import { measureHooks } from './hooks.ts'
import { machineLoad, measureHttp } from './http.ts'
import { measureInstances } from './instances/index.ts'
import { duration, ratio } from './measure.ts'
import { measureOverStdio } from './over-stdio.ts'
import { measurePeers } from './peers.ts'
import { measureRedis } from './redis/index.ts'
import { measureSearch } from './search.ts'
import { measureStreams } from './streams.ts'
import { measureWrites } from './writes/index.ts'

// `npm run bench` (after a build): every figure of docs/performance.md, as Markdown. `npm run bench -- cold-start` runs one part.
// `npm run bench -- writes --beside DIR` measures in turns with another build's dist/; --rounds, --seconds (of each) and --entries (of
// an import) make it longer, --only TEXT runs the cases with that text in their names. `http` takes --beside too, and --postgres.

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
  writes: writesPart,
  peers: peersPart,
  http: httpPart,
  streams: streamsPart,
  balancer: balancerPart,
}

const SIZES = [1_000, 10_000, 100_000]
const MEBIBYTE = 1024 * 1024

const { positionals: chosen, values: given } = parseArgs({
  allowPositionals: true,
  options: {
    beside: { type: 'string' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    entries: { type: 'string', default: '10000' },
    only: { type: 'string', default: '' },
    postgres: { type: 'boolean', default: false },
  },
})
const beside = given.beside === undefined ? undefined : resolve(given.beside)
// A server that cannot start would be waited for without end.
if (beside !== undefined && !existsSync(join(beside, 'main.js')))
  throw new Error(`--beside ${beside}: holds no main.js; give the dist/ of a build.`)
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
  const starts = await measureColdStarts(beside)
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

async function httpPart(): Promise<string> {
  const options = {
    rounds: Number(given.rounds ?? 5),
    seconds: Number(given.seconds ?? 1.5),
    database: given.postgres ? ('postgresql' as const) : ('sqlite' as const),
    beside,
  }
  const rows = (await measureHttp(options)).map(({ name, own, beside }) => [
    name,
    Math.round(own.perSecond).toLocaleString('en'),
    Math.round(beside.perSecond).toLocaleString('en'),
    ratio(own.perSecond / beside.perSecond),
    duration(own.cpuUs / 1_000),
    duration(beside.cpuUs / 1_000),
    ratio(beside.cpuUs / own.cpuUs),
  ])
  const other = beside === undefined ? 'a constant' : 'the other build'
  const head = ['requests a second, 16 connections', 'agent-memory', other, '']
  return `${machineLoad()}\n\n${table([...head, 'processor a request', `of ${other}`, ''], rows)}`
}

async function streamsPart(): Promise<string> {
  const measured = await measureStreams({ seconds: Number(given.seconds ?? 300) })
  const { writes, writeMs, residentMiB, processor } = measured
  const rows = measured.figures.map((f) => [
    f.name,
    f.streams.toLocaleString('en'),
    f.expected.toLocaleString('en'),
    f.missing.toLocaleString('en'),
    duration(f.medianMs),
    duration(f.p99Ms),
    duration(f.longestMs),
  ])
  const head = ['streams of', 'open', 'to be delivered', 'missing', 'median', 'p99', 'longest']
  const memory = residentMiB.map((mib) => mib.toFixed(0)).join(', ')
  return [
    machineLoad(),
    table(head, rows),
    `${writes} writes: median ${duration(writeMs.median)}, p99 ${duration(writeMs.p99)}; memory ${memory} MiB (before, streams open, half way, at the end); processor ${(processor * 100).toFixed(0)} % of a core`,
    '',
  ].join('\n\n')
}

async function balancerPart(): Promise<string> {
  const options = { rounds: Number(given.rounds ?? 5), seconds: Number(given.seconds ?? 2) }
  const all = await measureBalancer(options)
  const one = all[0]?.readsPerSecond ?? Number.NaN
  const rows = all.map(({ instances, readsPerSecond, cpuUs }) => [
    String(instances),
    Math.round(readsPerSecond).toLocaleString('en'),
    ratio(readsPerSecond / one),
    duration(cpuUs / 1_000),
  ])
  const head = ['instances behind nginx', 'cached searches a second', 'of one', 'their processor, a search']
  return `${machineLoad()}\n\n${table(head, rows)}`
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

async function peersPart(): Promise<string> {
  const rows = (await measurePeers()).map((peer) => [
    peer.name,
    peer.recall5.toFixed(3),
    duration(peer.searchMs),
    duration(peer.search95),
    duration(peer.startMs),
    `${(peer.residentBytes / MEBIBYTE).toFixed(0)} MiB`,
    peer.listTokens.toLocaleString('en'),
    `${peer.written} / ${peer.refused} / ${peer.lost}`,
  ])
  const head = [
    'memory server, over MCP stdio',
    'R@5',
    'search',
    'p95',
    'start',
    'memory',
    'tools/list, tokens',
  ]
  return table([...head, 'four writers: acknowledged / refused / lost'], rows)
}

async function writesPart(): Promise<string> {
  const options = {
    rounds: Number(given.rounds ?? 3),
    seconds: Number(given.seconds ?? 2),
    entries: Number(given.entries),
  }
  const figures = await measureWrites({ beside, only: given.only, ...options })
  const rows = figures.map(({ name, unit, own, other, share, raw }) => {
    const shown = (value: number | undefined) => value?.toFixed(unit === 'seconds' ? 1 : 0) ?? ''
    const faster = other === undefined ? '' : ratio(unit === 'seconds' ? other / own : own / other)
    return [
      name,
      unit,
      shown(own),
      shown(other),
      faster,
      shown(raw),
      raw ? ratio(own / raw) : '',
      share.toFixed(2),
    ]
  })
  const head = ['adds over MCP stdio', '', 'agent-memory', 'the other build', 'faster by', 'two bare inserts']
  return table([...head, 'of them', 'least share'], rows)
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}
