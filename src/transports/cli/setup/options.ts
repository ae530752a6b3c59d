import { resolve } from 'node:path'
import { z } from 'zod'
import { UsageError } from '../arguments/usage.ts'
import { CLIENT_IDS, CLIENTS, type Client } from './clients.ts'

const IN_PROJECT = CLIENTS.filter(({ projectFile }) => projectFile !== undefined).map(({ id }) => id)

/** What can be asked of setup. */
export const SETUP_INPUT = z.object({
  client: z.array(z.enum(CLIENT_IDS)).default([]).describe('Which clients'),
  all: onOff('Every client that is installed'),
  project: onOff(`The project's own file instead of the user's (${IN_PROJECT.join(', ')})`),
  env: z.array(z.string()).default([]).meta({
    value: 'KEY=VALUE',
    isSecret: true,
    description: 'Environment for the server, e.g. AGENT_MEMORY_DATA_DIR',
  }),
  npx: onOff('Start the server with npx, for a file that others share, instead of the paths of this machine'),
  undo: onOff('Take the server out again'),
  dry_run: onOff('Show the change, write nothing'),
  yes: z
    .boolean()
    .default(false)
    .meta({ short: 'y', description: 'Do not ask (needed where there is no terminal)' }),
  force: onOff('Also where the client was never started; creates its folder'),
})

type SetupInput = z.output<typeof SETUP_INPUT>

export interface SetupOptions extends Omit<SetupInput, 'client' | 'env'> {
  /** The clients named; none and not `all` means a look around. */
  readonly clients: readonly Client[]
  readonly env: Readonly<Record<string, string>>
}

/** Reads what goes together only in some ways. The global options become the server's environment. */
export function setupOptions(
  { client, env, ...input }: SetupInput,
  { cwd, overrides }: { cwd: string; overrides: Readonly<Record<string, string>> },
): SetupOptions {
  const folder = overrides['AGENT_MEMORY_DATA_DIR']
  const options = {
    ...input,
    clients: [...new Set(client)].flatMap((id) => CLIENTS.filter((known) => known.id === id)),
    env: {
      ...parseEnv(env),
      ...overrides,
      ...(folder !== undefined && { AGENT_MEMORY_DATA_DIR: resolve(cwd, folder) }),
    },
  }
  refuseNonsense(options)
  return options
}

function onOff(description: string) {
  return z.boolean().default(false).describe(description)
}

/** The values may be secret, so a message names the place only. */
function parseEnv(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair, at) => {
      const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=([\s\S]*)$/.exec(pair) ?? []
      if (name !== undefined && value !== undefined && !value.includes('\0')) return [name, value]
      const example = 'For example: --env AGENT_MEMORY_DATA_DIR=/srv/memory'
      throw new UsageError('INVALID_PARAMETER', `--env number ${at + 1} is not KEY=VALUE.`, example)
    }),
  )
}

function refuseNonsense({ clients, all, undo, npx, env, ...options }: SetupOptions): void {
  const isLook = clients.length === 0 && !all
  if (isLook && (undo || options.yes || options.dry_run || options.force))
    throw new UsageError(
      'MISSING_FIELD',
      'Which client?',
      `Name one of ${CLIENT_IDS.join(', ')}, or use --all.`,
    )
  if (clients.length > 0 && all)
    throw new UsageError('INVALID_PARAMETER', '--all and a client do not go together.', 'Use one of them.')
  if (undo && (npx || Object.keys(env).length > 0))
    throw new UsageError(
      'INVALID_PARAMETER',
      '--undo takes no --env, no --npx and no setting.',
      'Leave them out.',
    )
}
