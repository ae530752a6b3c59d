import {
  amp,
  claudeCode,
  claudeDesktop,
  cline,
  codex,
  gemini,
  inHome,
  type Location,
  openCode,
  type Place,
  vsCode,
  windsurf,
} from './client-files.ts'
import {
  CLINE,
  CODEX,
  CONTINUE,
  COPILOT,
  type EntryShape,
  OPENCODE,
  PLAIN,
  TRUSTING,
  TYPED,
} from './shape.ts'

export const CLIENT_IDS = [
  'claude-code',
  'claude-desktop',
  'cursor',
  'vscode',
  'codex',
  'windsurf',
  'gemini-cli',
  'opencode',
  'qwen-code',
  'copilot-cli',
  'cline',
  'continue',
  'amp',
] as const
export type ClientId = (typeof CLIENT_IDS)[number]

export interface Client {
  readonly id: ClientId
  readonly title: string
  readonly format: 'json' | 'toml' | 'yaml'
  /** The table that holds the servers. */
  readonly key: string
  readonly shape: EntryShape
  /** The name that a shell starts it by. */
  readonly program?: string
  /** Where the user's own file can be, the newest home first; the last is where it goes if the client was never started. */
  readonly locations: (place: Place) => readonly Location[]
  /** The project's own file, relative to its root. */
  readonly projectFile?: string
  /** What the user does for the client to see the change. */
  readonly next: string
  /** The same for the project's file, where that needs more. */
  readonly nextInProject?: string
  /** Settings of the shell that its servers do not get, unless they stand in the entry. */
  readonly drops?: (variable: string) => boolean
  /** What it takes to use the tools unattended, beside what `--allow` writes. */
  readonly unattended?: string
}

/** As seen: Gemini CLI passes over inherited names with such parts, for they may hold a secret. */
const SUSPICIOUS = /KEY|TOKEN|SECRET|PASSWORD|AUTH|CREDENTIAL|PRIVATE|CERT|DATABASE_URL/

/** Every client that setup knows. A new one is a new row. */
export const CLIENTS: readonly Client[] = [
  {
    id: 'claude-code',
    title: 'Claude Code',
    format: 'json',
    key: 'mcpServers',
    shape: PLAIN,
    program: 'claude',
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
    shape: PLAIN,
    locations: claudeDesktop,
    next: 'Quit Claude Desktop completely and start it again.',
  },
  {
    id: 'cursor',
    title: 'Cursor',
    format: 'json',
    key: 'mcpServers',
    shape: PLAIN,
    program: 'cursor',
    locations: (place) => [inHome(place, ['.cursor'], 'mcp.json')],
    projectFile: '.cursor/mcp.json',
    next: 'Open Cursor Settings, MCP, and switch the server on if it is off.',
  },
  {
    id: 'vscode',
    title: 'VS Code',
    format: 'json',
    key: 'servers',
    shape: TYPED,
    program: 'code',
    locations: vsCode,
    projectFile: '.vscode/mcp.json',
    next: 'Run "MCP: List Servers" in the command palette and start the server.',
  },
  {
    id: 'codex',
    title: 'Codex',
    format: 'toml',
    key: 'mcp_servers',
    shape: CODEX,
    program: 'codex',
    locations: codex,
    projectFile: '.codex/config.toml',
    next: 'Start a new session; /mcp lists the server.',
    nextInProject:
      'Start a new session in the project and trust it, else its file does not count; /mcp lists the server.',
    drops: () => true,
  },
  {
    id: 'windsurf',
    title: 'Windsurf (Devin Desktop)',
    format: 'json',
    key: 'mcpServers',
    shape: PLAIN,
    program: 'windsurf',
    locations: windsurf,
    next: 'Refresh the list of MCP servers in the settings, or start the editor again.',
  },
  {
    id: 'gemini-cli',
    title: 'Gemini CLI',
    format: 'json',
    key: 'mcpServers',
    shape: TRUSTING,
    program: 'gemini',
    locations: gemini,
    projectFile: '.gemini/settings.json',
    next: 'Start a new session in a folder that it trusts; /mcp lists the server.',
    drops: (variable) => SUSPICIOUS.test(variable),
    unattended:
      'It starts servers only in folders that it trusts: /permissions, or ~/.gemini/trustedFolders.json.',
  },
  {
    id: 'opencode',
    title: 'opencode',
    format: 'json',
    key: 'mcp',
    shape: OPENCODE,
    program: 'opencode',
    locations: openCode,
    projectFile: 'opencode.json',
    next: 'Start a new session; opencode mcp list shows the server.',
  },
  {
    id: 'qwen-code',
    title: 'Qwen Code',
    format: 'json',
    key: 'mcpServers',
    shape: TRUSTING,
    program: 'qwen',
    locations: (place) => [inHome(place, ['.qwen'], 'settings.json')],
    projectFile: '.qwen/settings.json',
    next: 'Start a new session; /mcp lists the server.',
  },
  {
    id: 'copilot-cli',
    title: 'Copilot CLI',
    format: 'json',
    key: 'mcpServers',
    shape: COPILOT,
    program: 'copilot',
    locations: (place) => [inHome(place, ['.copilot'], 'mcp-config.json')],
    next: 'Start a new session; /mcp lists the server.',
    unattended: 'Start it with --allow-tool agent-memory.',
  },
  {
    id: 'cline',
    title: 'Cline',
    format: 'json',
    key: 'mcpServers',
    shape: CLINE,
    program: 'cline',
    locations: cline,
    next: 'Start a new session.',
  },
  {
    id: 'continue',
    title: 'Continue',
    format: 'yaml',
    key: 'mcpServers',
    shape: CONTINUE,
    program: 'cn',
    locations: (place) => [inHome(place, ['.continue'], 'config.yaml')],
    next: 'Start a new session.',
  },
  {
    id: 'amp',
    title: 'Amp',
    format: 'json',
    key: 'amp.mcpServers',
    shape: PLAIN,
    program: 'amp',
    locations: amp,
    next: 'Start a new session.',
  },
]
