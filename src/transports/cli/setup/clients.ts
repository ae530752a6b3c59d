import { posix, win32 } from 'node:path'

export type ClientId = 'claude-code' | 'claude-desktop' | 'cursor' | 'vscode' | 'codex' | 'windsurf'

/** The environment variables that move a client's configuration, or lead to its program. */
export interface SetupEnv {
  readonly APPDATA?: string | undefined
  readonly LOCALAPPDATA?: string | undefined
  readonly XDG_CONFIG_HOME?: string | undefined
  readonly CLAUDE_CONFIG_DIR?: string | undefined
  readonly CODEX_HOME?: string | undefined
  readonly PATH?: string | undefined
  readonly PATHEXT?: string | undefined
}

/** The machine, as far as paths depend on it. */
export interface Place {
  readonly home: string
  readonly platform: NodeJS.Platform
  readonly env: SetupEnv
}

/** A configuration file, and the folder or file whose presence says that the client is installed. May hold one `*`. */
export interface Location {
  readonly file: string
  readonly marker: string
}

export interface Client {
  readonly id: ClientId
  readonly title: string
  readonly format: 'json' | 'toml'
  /** The table that holds the servers. */
  readonly key: string
  /** Whether the entry says `type: stdio`. */
  readonly withType: boolean
  /** Where the user's own file can be, the newest home first; the last is where it goes if the client was never started. */
  readonly locations: (place: Place) => readonly Location[]
  /** The project's own file, relative to its root. */
  readonly projectFile?: string
  /** What the user does for the client to see the change. */
  readonly next: string
  /** The same for the project's file, where that needs more. */
  readonly nextInProject?: string
}

/** Every client that setup knows. A new one is a new row. */
export const CLIENTS: readonly Client[] = [
  {
    id: 'claude-code',
    title: 'Claude Code',
    format: 'json',
    key: 'mcpServers',
    withType: false,
    locations: claudeCode,
    projectFile: '.mcp.json',
    next: 'Start a new session; /mcp lists the server.',
    nextInProject: 'Start a new session and approve the server; /mcp lists it.',
  },
  {
    id: 'claude-desktop',
    title: 'Claude Desktop',
    format: 'json',
    key: 'mcpServers',
    withType: false,
    locations: claudeDesktop,
    next: 'Quit Claude Desktop completely and start it again.',
  },
  {
    id: 'cursor',
    title: 'Cursor',
    format: 'json',
    key: 'mcpServers',
    withType: false,
    locations: (place) => [inHome(place, ['.cursor'], 'mcp.json')],
    projectFile: '.cursor/mcp.json',
    next: 'Open Cursor Settings, MCP, and switch the server on if it is off.',
  },
  {
    id: 'vscode',
    title: 'VS Code',
    format: 'json',
    key: 'servers',
    withType: true,
    locations: vsCode,
    projectFile: '.vscode/mcp.json',
    next: 'Run "MCP: List Servers" in the command palette and start the server.',
  },
  {
    id: 'codex',
    title: 'Codex',
    format: 'toml',
    key: 'mcp_servers',
    withType: false,
    locations: codex,
    projectFile: '.codex/config.toml',
    next: 'Start a new session; /mcp lists the server.',
    nextInProject:
      'Start a new session in the project and trust it, else its file does not count; /mcp lists the server.',
  },
  {
    id: 'windsurf',
    title: 'Windsurf (Devin Desktop)',
    format: 'json',
    key: 'mcpServers',
    withType: false,
    locations: windsurf,
    next: 'Refresh the list of MCP servers in the settings, or start the editor again.',
  },
]

export const CLIENT_IDS: readonly ClientId[] = CLIENTS.map((client) => client.id)

/** The path rules of the machine that the paths are for, which in a test is not always the one that runs. */
function pathRules(platform: NodeJS.Platform): typeof posix {
  return platform === 'win32' ? win32 : posix
}

function claudeCode(place: Place): Location[] {
  const { join } = pathRules(place.platform)
  const moved = place.env.CLAUDE_CONFIG_DIR
  if (moved) return [{ file: join(moved, '.claude.json'), marker: moved }]
  const file = join(place.home, '.claude.json')
  return [
    { file, marker: file },
    { file, marker: join(place.home, '.claude') },
  ]
}

/** The store package of Windows keeps its files apart, where the plain folder is never read. */
function claudeDesktop(place: Place): Location[] {
  const { join } = pathRules(place.platform)
  const at = (...folders: string[]): Location => {
    const marker = join(...folders)
    return { file: join(marker, 'claude_desktop_config.json'), marker }
  }
  const plain = at(appData(place), 'Claude')
  if (place.platform !== 'win32') return [plain]
  const local = place.env.LOCALAPPDATA || join(place.home, 'AppData', 'Local')
  return [
    at(local, 'Claude-Data', 'claude*'),
    at(local, 'Packages', 'Claude_*', 'LocalCache', 'Roaming', 'Claude'),
    plain,
  ]
}

function vsCode(place: Place): Location[] {
  const { join } = pathRules(place.platform)
  const marker = join(appData(place), 'Code')
  return [{ file: join(marker, 'User', 'mcp.json'), marker }]
}

function codex(place: Place): Location[] {
  const { join } = pathRules(place.platform)
  const marker = place.env.CODEX_HOME || join(place.home, '.codex')
  return [{ file: join(marker, 'config.toml'), marker }]
}

/** Windsurf became Devin Desktop, which has a new home; installations of before keep the old one. */
function windsurf(place: Place): Location[] {
  const { join } = pathRules(place.platform)
  const marker =
    place.platform === 'win32' ? join(appData(place), 'devin') : join(place.home, '.config', 'devin')
  return [
    { file: join(marker, 'mcp_config.json'), marker },
    inHome(place, ['.codeium', 'windsurf'], 'mcp_config.json'),
  ]
}

function inHome(place: Place, folders: readonly string[], name: string): Location {
  const { join } = pathRules(place.platform)
  const marker = join(place.home, ...folders)
  return { file: join(marker, name), marker }
}

/** Where desktop programs keep their settings. */
function appData(place: Place): string {
  const { join } = pathRules(place.platform)
  if (place.platform === 'win32') return place.env.APPDATA || join(place.home, 'AppData', 'Roaming')
  if (place.platform === 'darwin') return join(place.home, 'Library', 'Application Support')
  return place.env.XDG_CONFIG_HOME || join(place.home, '.config')
}
