import { parseArgs } from 'node:util'
import type { CliClient } from './agents/client.ts'
import { CLI_CLIENTS } from './agents/clients.ts'
import { install, isInstalled } from './agents/install.ts'
import { WAYS, type Way } from './scenario/ways.ts'
import { Stage } from './stage.ts'
import type { Step } from './story.ts'
import { nameOf, tellFailures, tellTable, tellTranscript } from './tell.ts'

// Real command-line agents from the npm registry use the built program, each against a scripted model on loopback.
// Ends with 1 when something did not reach a model as it should.

const HELP = `Usage: npm run clients -- [client …] [options]

Clients: ${CLI_CLIENTS.map(({ id }) => id).join(', ')} (default: all)

  --over WAY    ${WAYS.map(({ name }) => name).join(' or ')} (default: all)
  --installed   only those that are installed already, in .cache/clients
  --transcript  also what reached each model at each step
Those that are not installed are taken from the npm registry (about 300 MB each). Ends with 1 when something was wrong.`

// What a run has started is ended when this process exits in order.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
process.exitCode = await main()

interface Asked {
  readonly clients: readonly CliClient[]
  readonly ways: readonly Way[]
  readonly onlyInstalled: boolean
  readonly transcript: boolean
}

async function main(): Promise<number> {
  const asked = readArguments()
  if (!asked) return process.argv.includes('--help') ? 0 : 2
  const places = asked.clients.map((client) => ({ client, place: prepare(client, asked) }))
  const here = places.filter(({ place }) => place === 'here').map(({ client }) => client)
  let failures = places.filter(({ place }) => place === 'not given').length
  for (const way of here.length > 0 ? asked.ways : []) {
    const seen = new Map<CliClient, readonly Step[]>()
    for (const client of here) seen.set(client, await Stage.run(client, way.play))
    tellTable(way, seen)
    if (asked.transcript) tellTranscript(way, seen)
    failures += tellFailures(way, seen)
  }
  return failures === 0 ? 0 : 1
}

function prepare(client: CliClient, { onlyInstalled }: Asked): 'here' | 'not asked for' | 'not given' {
  if (isInstalled(client)) return 'here'
  if (onlyInstalled) {
    console.log(`${nameOf(client)} is not installed; npm run clients -- ${client.id} installs and drives it`)
    return 'not asked for'
  }
  console.log(`installing ${nameOf(client)}`)
  try {
    install(client)
    return 'here'
  } catch (error) {
    console.log(`${nameOf(client)} was not installed: ${error instanceof Error ? error.message : error}`)
    return 'not given'
  }
}

function readArguments(): Asked | undefined {
  try {
    const yes = { type: 'boolean', default: false } as const
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { installed: yes, transcript: yes, help: yes, over: { type: 'string' } },
    })
    if (values.help) throw new RangeError('')
    const { over } = values
    return {
      clients: chosen(CLI_CLIENTS, ({ id }) => id, positionals),
      ways: chosen(WAYS, ({ name }) => name, over === undefined ? [] : [over]),
      onlyInstalled: values.installed,
      transcript: values.transcript,
    }
  } catch (error) {
    console.log([error instanceof Error && error.message, HELP].filter(Boolean).join('\n\n'))
    return undefined
  }
}

/** Those that were named; all where none was. */
function chosen<One>(
  all: readonly One[],
  name: (one: One) => string,
  wanted: readonly string[],
): readonly One[] {
  const unknown = wanted.filter((word) => !all.some((one) => name(one) === word))
  if (unknown.length > 0) throw new RangeError(`There is no ${unknown.join(', ')}.`)
  return all.filter((one) => wanted.length === 0 || wanted.includes(name(one)))
}
