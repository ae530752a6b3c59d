import { existsSync, readFileSync } from 'node:fs'
import { parseArgs, parseEnv } from 'node:util'
import { breakProgram, checkAnchors } from './break-program.ts'
import { NotRun, UsageError, Violation } from './claim.ts'
import { CLAIMS } from './claims.ts'
import { builtProgram, type Deployment, namedDeployment, PROGRAM } from './deployment.ts'
import { Refusal } from './instance.ts'
import { MUTANTS, type Mutant } from './mutants.ts'
import { PrivateServers } from './private.ts'
import { type Claim, World } from './world.ts'

// What Agent Memory promises to several instances, tried from outside; see README.md.

type Verdict = 'ok' | 'FAILED' | 'not run'

interface Result {
  readonly verdict: Verdict
  readonly words: string
  readonly error?: unknown
}

const LIMIT_MS = 180_000

const HELP = `Tries what Agent Memory promises to several instances; see verify/README.md.
  npm run verify                # all scripts, on private servers
  npm run verify -- V3 V4       # some of them
  npm run verify -- --broken    # broken builds: each must be caught
  npm run verify -- --deployment --env-file FILE [--destructive HOST:PORT]   # on your own deployment`

const { values: options, positionals } = readArguments()

// Servers and instances are ended when this process exits in order.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  console.error(error.message)
  process.exitCode = 2
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        deployment: { type: 'boolean', default: false },
        broken: { type: 'boolean', default: false },
        destructive: { type: 'string' },
        'env-file': { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${HELP}`)
    process.exit(2)
  }
}

async function main(): Promise<number> {
  if (options.help) {
    console.log(HELP)
    return 0
  }
  const unknown = positionals.filter((name) => !CLAIMS.some((claim) => claim.name === name))
  if (unknown.length > 0)
    throw new UsageError(
      `unknown: ${unknown.join(', ')}; there are ${CLAIMS.map(({ name }) => name).join(', ')}`,
    )
  const isWanted = (name: string) => positionals.length === 0 || positionals.includes(name)
  const claims = CLAIMS.filter(({ name }) => isWanted(name))
  if (options.deployment) return verdictOf(await tryDeployment(claims))
  if (process.env['VERIFY_COMMAND'] === undefined && !existsSync(PROGRAM))
    throw new UsageError('There is no built program: npm run build.')
  const servers = await PrivateServers.start()
  try {
    if (options.broken)
      return verdictOf(
        await tryMutants(
          servers,
          MUTANTS.filter(({ caughtBy }) => isWanted(caughtBy)),
        ),
      )
    return verdictOf(await tryPrivately(servers, claims))
  } finally {
    await servers.close()
  }
}

async function tryPrivately(servers: PrivateServers, claims: readonly Claim[]): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  for (const claim of claims) {
    const deployment = await servers.deploy(process.env['VERIFY_COMMAND'] ?? builtProgram())
    verdicts.push(report(claim, await tried(claim, deployment)))
    await deployment.close()
  }
  return verdicts
}

async function tryDeployment(claims: readonly Claim[]): Promise<Verdict[]> {
  const file = options['env-file']
  const env = { ...process.env, ...(file === undefined ? {} : parseEnv(readFileSync(file, 'utf8'))) }
  const set = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const deployment = namedDeployment(Object.fromEntries(set), options.destructive)
  const verdicts: Verdict[] = []
  for (const claim of claims) verdicts.push(report(claim, await tried(claim, deployment)))
  return verdicts
}

/** A claim that holds on a broken program proves nothing. */
async function tryMutants(servers: PrivateServers, mutants: readonly Mutant[]): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  checkAnchors(PROGRAM, MUTANTS)
  for (const mutant of mutants) {
    const claim = CLAIMS.find(({ name }) => name === mutant.caughtBy)
    if (!claim) throw new Error(`there is no ${mutant.caughtBy}`)
    const program = breakProgram(PROGRAM, mutant)
    const deployment = await servers.deploy(builtProgram(program.main))
    const { verdict, words, error } = await tried(claim, deployment)
    const isCaught = isAnswer(error) && mutant.says.test(words)
    console.log(`${isCaught ? 'ok' : 'FAILED'}  broken: ${mutant.what}`)
    console.log(`        ${claim.name} ${isCaught ? 'caught it' : `did not catch it (${verdict})`}: ${words}`)
    verdicts.push(isCaught ? 'ok' : 'FAILED')
    await deployment.close()
    program.remove()
  }
  return verdicts
}

async function tried(claim: Claim, deployment: Deployment): Promise<Result> {
  const started = performance.now()
  try {
    const world = await World.open(deployment)
    try {
      const figures = await withinLimit(claim.run(world))
      const seconds = ((performance.now() - started) / 1_000).toFixed(1)
      const leftOut = world.leftOut.length > 0 ? `; not run: ${world.leftOut.join(', ')}` : ''
      return { verdict: 'ok', words: `${figures}${leftOut} (${seconds} s)` }
    } finally {
      await world.close()
    }
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    if (error instanceof NotRun) return { verdict: 'not run', words }
    return { verdict: 'FAILED', words: isAnswer(error) ? words : `the script broke off: ${words}`, error }
  }
}

function report({ name, title }: Claim, { verdict, words, error }: Result): Verdict {
  console.log(`${verdict.padEnd(6)}  ${name}  ${title}`)
  console.log(`            ${words}`)
  if (error instanceof Error && !isAnswer(error)) console.log(error.stack)
  return verdict
}

/** What the deployment did, not what befell the script. */
function isAnswer(error: unknown): boolean {
  return error instanceof Violation || error instanceof Refusal
}

function verdictOf(verdicts: readonly Verdict[]): number {
  const count = (wanted: Verdict) => verdicts.filter((verdict) => verdict === wanted).length
  console.log(`${count('ok')} ok, ${count('FAILED')} failed, ${count('not run')} not run`)
  return count('FAILED') === 0 && count('ok') > 0 ? 0 : 1
}

async function withinLimit<T>(work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Violation(`no end after ${LIMIT_MS / 1_000} s`)), LIMIT_MS)
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
