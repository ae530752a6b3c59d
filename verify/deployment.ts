import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { UsageError } from './claim.ts'
import type { Env } from './instance.ts'

/** Where instances come from, and what the scripts may do to what they run on. */
export interface Deployment {
  /** Starts one instance. */
  readonly command: string
  readonly env: Env
  readonly redisUrl: string
  /** FLUSHALL and CLIENT KILL are allowed. */
  readonly mayDestroy: boolean
  /** Where Redis may be switched off. */
  readonly power?: { off(): Promise<void>; on(): Promise<void> }
  close(): Promise<void>
}

/** Built by `npm run build`. */
export const PROGRAM = join(import.meta.dirname, '../dist/main.js')

/** The built program of this repository. */
export function builtProgram(program = PROGRAM): string {
  return `'${process.execPath}' '${program}' mcp`
}

/** What the environment names. `destructive` repeats the address of a Redis that may be emptied. */
export function namedDeployment(env: Env, destructive: string | undefined): Deployment {
  if (env['AGENT_MEMORY_REDIS_ENABLED'] !== 'true')
    throw new UsageError(
      'AGENT_MEMORY_REDIS_ENABLED is not true: name the deployment in the environment or with --env-file.',
    )
  const redisUrl = env['VERIFY_REDIS_URL'] ?? redisUrlOf(env)
  const { hostname, port } = new URL(redisUrl)
  const address = `${hostname}:${port || 6379}`
  if (destructive !== undefined && destructive !== address)
    throw new UsageError(
      `--destructive ${destructive} is another Redis than this deployment's, ${address}. Nothing was done.`,
    )
  const [off, on] = [env['VERIFY_REDIS_STOP'], env['VERIFY_REDIS_START']]
  return {
    command: env['VERIFY_COMMAND'] ?? builtProgram(),
    env,
    redisUrl,
    mayDestroy: destructive !== undefined,
    ...(off && on ? { power: { off: () => shell(off), on: () => shell(on) } } : {}),
    async close() {},
  }
}

/** As the guide says: the URL overrides host and port. */
function redisUrlOf(env: Env): string {
  const named = env['AGENT_MEMORY_REDIS_URL']
  const url = new URL(named ?? `redis://${env['AGENT_MEMORY_REDIS_HOST'] ?? 'localhost'}`)
  if (named === undefined) url.port = env['AGENT_MEMORY_REDIS_PORT'] ?? '6379'
  if (env['AGENT_MEMORY_REDIS_TLS'] === 'true') url.protocol = 'rediss:'
  url.username ||= encodeURIComponent(env['AGENT_MEMORY_REDIS_USERNAME'] ?? '')
  url.password ||= encodeURIComponent(env['AGENT_MEMORY_REDIS_PASSWORD'] ?? '')
  if (url.pathname.length <= 1) url.pathname = `/${env['AGENT_MEMORY_REDIS_DB'] ?? '0'}`
  return url.href
}

async function shell(command: string): Promise<void> {
  const [code] = await once(spawn('sh', ['-c', command], { stdio: 'ignore' }), 'close')
  if (code !== 0) throw new Error(`${command}: exit ${code}`)
}
