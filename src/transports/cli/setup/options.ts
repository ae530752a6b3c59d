import { resolve } from 'node:path'
import { z } from 'zod'
import { isSecretSetting } from '../../../config.ts'
import { keepSecrets } from '../../../domain/text/secrets.ts'
import { UsageError } from '../arguments/usage.ts'
import { CLIENT_IDS, CLIENTS, type Client } from './clients/clients.ts'
import { mcpUrl } from './clients/remote.ts'

const IN_PROJECT = CLIENTS.filter(({ projectFile }) => projectFile !== undefined).map(({ id }) => id)
const ALLOWING = CLIENTS.filter(mayAllow).map(({ id }) => id)

/** Whether setup can write what lets the client use the tools without asking. */
export function mayAllow({ id, shape }: Client): boolean {
  return shape.allow !== undefined || id === 'claude-code'
}

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
  allow: onOff(`Also let the client use the tools without asking (${ALLOWING.join(', ')})`),
  url: z.string().optional().meta({
    value: 'URL',
    description: 'A server that somebody else runs (agent-memory serve), instead of this program',
  }),
  key: z.string().regex(/^\S+$/, 'expected a key without blanks').optional().meta({
    value: 'KEY',
    isSecret: true,
    description: 'The key for it, with --url',
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
  /** The settings that were named. */
  readonly env: Readonly<Record<string, string>>
  /** Those of the environment that the entry gets beside them: not every client hands them on. */
  readonly carried: Readonly<Record<string, string>>
  /** Names of those that it does not get, since they are secret. */
  readonly withheld: readonly string[]
}

interface Surroundings {
  readonly cwd: string
  readonly overrides: Readonly<Record<string, string>>
  readonly givenSettings: () => Readonly<Record<string, string>>
}

/** These name the agent and the project of the moment: they do not fit every session of a client. */
const OF_THE_MOMENT = ['AGENT_MEMORY_AGENT_ID', 'AGENT_MEMORY_PROJECT', 'AGENT_MEMORY_ROOT']

/** Reads what goes together only in some ways. The global options become the server's environment. */
export function setupOptions(
  { client, env, ...input }: SetupInput,
  { cwd, overrides, givenSettings }: Surroundings,
): SetupOptions {
  const folder = overrides['AGENT_MEMORY_DATA_DIR']
  // All who work on a project share its file: only named settings get there.
  const given = Object.entries(input.project ? {} : givenSettings()).filter(
    ([name]) => !OF_THE_MOMENT.includes(name),
  )
  const options = {
    ...input,
    clients: [...new Set(client)].flatMap((id) => CLIENTS.filter((known) => known.id === id)),
    env: {
      ...parseEnv(env),
      ...overrides,
      ...(folder !== undefined && { AGENT_MEMORY_DATA_DIR: resolve(cwd, folder) }),
    },
    carried: Object.fromEntries(given.filter(([name]) => !isSecretSetting(name)).map(absolute)),
    withheld: given.map(([name]) => name).filter(isSecretSetting),
  }
  refuseNonsense(options)
  refuseRemoteNonsense(options)
  if (options.key !== undefined) keepSecrets([options.key])
  return { ...options, ...(options.url !== undefined && { url: mcpUrl(options.url, options.key) }) }

  function absolute([name, value]: readonly [string, string]): [string, string] {
    const isFolder = name === 'AGENT_MEMORY_DATA_DIR' && !value.startsWith('~')
    return [name, isFolder ? resolve(cwd, value) : value]
  }
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

/**
 * A running server takes no setting from the command that would start one, and a key in a project's file
 * would be known to all who read the project.
 */
function refuseRemoteNonsense({ url, key, npx, env, project, undo }: SetupOptions): void {
  const given = [...(npx ? ['--npx'] : []), ...(Object.keys(env).length > 0 ? ['--env or a setting'] : [])]
  if (url !== undefined && (given.length > 0 || undo))
    throw new UsageError(
      'INVALID_PARAMETER',
      `--url does not go with ${undo ? '--undo' : given.join(' and ')}.`,
      'Leave one out.',
    )
  if (key !== undefined && url === undefined)
    throw new UsageError(
      'MISSING_FIELD',
      '--key needs --url.',
      'For example: --url https://memory.example.com',
    )
  if (key !== undefined && project && !/^\$\{.+\}$/.test(key))
    throw new UsageError(
      'INVALID_PARAMETER',
      "--key: a project's file is for everybody who works on it.",
      `Name a variable that holds it, e.g. --key '\${AGENT_MEMORY_KEY}', or leave --project out.`,
    )
}

function refuseNonsense({ clients, all, undo, npx, env, allow, ...options }: SetupOptions): void {
  const isLook = clients.length === 0 && !all
  if (isLook && (undo || options.yes || options.dry_run || options.force))
    throw new UsageError(
      'MISSING_FIELD',
      'Which client?',
      `Name one of ${CLIENT_IDS.join(', ')}, or use --all.`,
    )
  if (clients.length > 0 && all)
    throw new UsageError('INVALID_PARAMETER', '--all and a client do not go together.', 'Use one of them.')
  if (undo && (npx || allow || Object.keys(env).length > 0))
    throw new UsageError(
      'INVALID_PARAMETER',
      '--undo takes no --env, no --npx, no --allow and no setting.',
      'Leave them out.',
    )
}
