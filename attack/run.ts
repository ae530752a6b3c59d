import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { table, whole } from '../faults/table.ts'
import { attackAll, KINDS } from './attack-all.ts'

// Attacks the built program: hostile messages, kills, junk in Redis, files swapped, clocks moved. Ends with 1 when a promise
// was broken.

const HELP = `Usage: npm run attack -- [options]

  --seed N       the same attacks again (default: a new seed, printed at the start)
  --messages N   hostile lines to a server (default 5000)
  --kills N      kill -9 of servers that write, half on SQLite, half on PostgreSQL (default 20)
  --junk N       junk in keys and channels of Redis (default 20)
  --files N      database files swapped under running servers (default 7)
  --clocks N     jumps of clocks (default 8)
  --seconds N    at most so long for each kind (default: as long as it takes)
0 leaves a kind out. Ends with 1 when a promise was broken.`

// Servers and instances are ended when this process exits in order.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
process.exitCode = await main()

async function main(): Promise<number> {
  const options = readArguments()
  if (!options) {
    console.log(HELP)
    return process.argv.includes('--help') ? 0 : 2
  }
  const { seed, seconds, counts } = options
  console.log(`seed ${seed}`)
  const started = performance.now()
  const { counts: did, violations } = await attackAll({ seed, seconds, counts })
  console.log(table([...did].map(([what, count]) => [what, whole(count)])))
  console.log(`${((performance.now() - started) / 1000).toFixed(0)} s`)
  for (const violation of violations) console.log(`seed ${seed}: ${violation}`)
  console.log(`${whole(did.get('violations') ?? 0)} violations (seed ${seed})`)
  return violations.length === 0 ? 0 : 1
}

function readArguments() {
  try {
    const text = { type: 'string' } as const
    const { values } = parseArgs({
      options: {
        seed: text,
        seconds: text,
        messages: text,
        kills: text,
        junk: text,
        files: text,
        clocks: text,
        help: { type: 'boolean' },
      },
    })
    if (values.help) return undefined
    const counts = Object.fromEntries(
      KINDS.map(({ name, usual }) => [name, wholeNumber(name, values[name]) ?? usual]),
    )
    return {
      seed: wholeNumber('seed', values.seed) ?? randomInt(2 ** 31),
      seconds: wholeNumber('seconds', values.seconds),
      counts,
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    return undefined
  }
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,10}$/.test(text)) throw new RangeError(`--${name}: ${text} is no whole number`)
  return Number(text)
}
