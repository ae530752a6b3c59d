import { parseArgs } from 'node:util'
import { AppError } from '../../../domain/errors.ts'
import { nearest } from '../../../domain/nearest.ts'
import { CLIENT_IDS, CLIENTS, type Client } from './clients.ts'

export interface SetupOptions {
  /** The clients named; none and not `all` means a look around. */
  readonly clients: readonly Client[]
  readonly all: boolean
  readonly project: boolean
  readonly undo: boolean
  readonly dryRun: boolean
  readonly yes: boolean
  readonly force: boolean
  readonly npx: boolean
  readonly json: boolean
  readonly help: boolean
  readonly env: Readonly<Record<string, string>>
}

const FLAGS = {
  all: { type: 'boolean', default: false },
  project: { type: 'boolean', default: false },
  undo: { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
  yes: { type: 'boolean', short: 'y', default: false },
  force: { type: 'boolean', default: false },
  npx: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  env: { type: 'string', multiple: true },
} as const

/** The options by name, for the completion of shells. */
export const SETUP_FLAGS: readonly string[] = Object.keys(FLAGS)

export const SETUP_HELP = `Usage: agent-memory setup [client ...] [options]

Registers the MCP server with a client by editing that client's own configuration
file. Everything else in the file stays as it is. Without a client: shows which
clients are installed, their files, and whether the server is registered.

Clients: ${CLIENT_IDS.join(', ')}

Options:
  --all              every client that is installed
  --project          the project's own file instead of the user's
                     (${CLIENTS.filter((client) => client.projectFile)
                       .map((client) => client.id)
                       .join(', ')})
  --env KEY=VALUE    environment for the server, e.g. AGENT_MEMORY_DATA_DIR; repeatable
  --npx              start the server with npx, for a file that others share,
                     instead of the paths of this machine
  --undo             take the server out again
  --dry-run          show the change, write nothing
  -y, --yes          do not ask (needed where there is no terminal)
  --force            also where the client was never started; creates its folder
  --json             for machines
  -h, --help         this text

Examples:
  agent-memory setup                            what is installed and registered
  agent-memory setup claude-code                show the change, ask, write
  agent-memory setup cursor --dry-run           only show the change
  agent-memory setup --all --yes                every installed client, without asking
  agent-memory setup vscode --project --npx     .vscode/mcp.json of this project
  agent-memory setup codex --env AGENT_MEMORY_DATA_DIR=/srv/memory
  agent-memory setup claude-code --undo         take it out again
`

/** Reads the command line; throws for one that is not understood. */
export function parseOptions(argv: readonly string[]): SetupOptions {
  const { values, positionals } = parseFlags(argv)
  const { 'dry-run': dryRun, env, ...flags } = values
  const options = {
    ...flags,
    dryRun,
    env: parseEnv(env ?? []),
    clients: [...new Set(positionals)].map(findClient),
  }
  if (!options.help) refuseNonsense(options)
  return options
}

function parseFlags(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: FLAGS, allowPositionals: true })
  } catch (cause) {
    const flag = /'(?:-\w, )?(--?[\w-]+)/.exec(cause instanceof Error ? cause.message : '')?.[1]
    const isKnown = flag !== undefined && Object.keys(FLAGS).includes(flag.replace(/^-+/, ''))
    const like = flag === undefined ? undefined : nearest(flag.replace(/^-+/, ''), Object.keys(FLAGS))
    throw new AppError(
      'UNKNOWN_PARAMETER',
      isKnown ? `${flag} was not given as it should be.` : `Unknown option ${flag ?? ''}.`,
      {
        cause,
        suggestion:
          isKnown || like === undefined ? 'See agent-memory setup --help.' : `Did you mean --${like}?`,
      },
    )
  }
}

function findClient(id: string): Client {
  const client = CLIENTS.find((known) => known.id === id)
  if (client !== undefined) return client
  const like = nearest(id, CLIENT_IDS)
  throw new AppError('INVALID_PARAMETER', `Unknown client. Known: ${CLIENT_IDS.join(', ')}.`, {
    suggestion: like === undefined ? 'Name one of these, or use --all.' : `Did you mean ${like}?`,
  })
}

/** The values may be secret, so a message names the place only. */
function parseEnv(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair, at) => {
      const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=([\s\S]*)$/.exec(pair) ?? []
      if (name !== undefined && value !== undefined && !value.includes('\0')) return [name, value]
      throw new AppError('INVALID_PARAMETER', `--env number ${at + 1} is not KEY=VALUE.`, {
        suggestion: 'For example: --env AGENT_MEMORY_DATA_DIR=/srv/memory',
      })
    }),
  )
}

function refuseNonsense(options: SetupOptions): void {
  const { clients, all, undo, npx, env } = options
  const isLook = clients.length === 0 && !all
  if (isLook && (undo || options.yes || options.dryRun || options.force)) {
    throw new AppError('MISSING_FIELD', 'Which client?', {
      suggestion: `Name one of ${CLIENT_IDS.join(', ')}, or use --all.`,
    })
  }
  if (clients.length > 0 && all) {
    throw new AppError('INVALID_PARAMETER', '--all and a client do not go together.', {
      suggestion: 'Use one of them.',
    })
  }
  if (undo && (npx || Object.keys(env).length > 0)) {
    throw new AppError('INVALID_PARAMETER', '--undo takes no --env and no --npx.', {
      suggestion: 'Leave them out.',
    })
  }
}
