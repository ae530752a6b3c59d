import { AppError } from '../../../../domain/errors.ts'
import { UsageError } from '../../arguments/usage.ts'
import { SERVER_NAME, type ServerEntry } from '../entry.ts'
import type { Client, ClientId } from './clients.ts'
import { CONTINUE, type EntryShape } from './shape.ts'

/** How a client spells a remote server: one that setup does not start. */
export interface RemoteForm {
  readonly shape: EntryShape
  /** The table that holds the headers, where they stand in one of their own within the entry. */
  readonly headersIn?: string
}

function form(address: string, fixed: EntryShape['fixed'] = {}, more: Partial<EntryShape> = {}): RemoteForm {
  return { shape: { fixed, env: 'headers', address, ...more } }
}

const TRUST = { allow: { trust: true } }

/** By client; undefined where its file takes no remote server. */
const FORMS: Readonly<Record<ClientId, RemoteForm | undefined>> = {
  'claude-code': form('url', { type: 'http' }),
  'claude-desktop': undefined,
  cursor: form('url'),
  vscode: form('url', { type: 'http' }),
  codex: form('url', {}, { env: 'http_headers', allow: { default_tools_approval_mode: 'approve' } }),
  windsurf: form('serverUrl'),
  'gemini-cli': form('httpUrl', {}, TRUST),
  opencode: form('url', { type: 'remote' }),
  'qwen-code': form('httpUrl', {}, TRUST),
  'copilot-cli': form('url', { tools: ['*'], type: 'http' }),
  cline: form('url', { transport: { type: 'streamableHttp' } }, { within: 'transport' }),
  continue: {
    ...form('url', { name: SERVER_NAME, type: 'streamable-http' }, { newFile: CONTINUE.newFile ?? [] }),
    headersIn: 'requestOptions',
  },
  amp: form('url'),
}

export function remoteFormOf({ id }: Client): RemoteForm | undefined {
  return FORMS[id]
}

/** The same, where it is asked for. */
export function requireForm(client: Client): RemoteForm {
  const found = FORMS[client.id]
  if (found) return found
  throw new AppError(
    'INVALID_PARAMETER',
    `${client.title} takes remote servers in its settings only, not in its file.`,
    {
      suggestion:
        'Add the address there (Settings, Connectors), or register the program of this machine: leave --url out.',
    },
  )
}

/** The entry of a server at that address. */
export function remoteEntry(
  { shape, headersIn }: RemoteForm,
  { url, key, allow }: { url: string; key: string | undefined; allow: boolean },
): ServerEntry {
  const headers: Record<string, string> = key === undefined ? {} : { Authorization: `Bearer ${key}` }
  const isNested = headersIn !== undefined && key !== undefined
  const extra = { ...(isNested && { [headersIn]: { headers } }), ...(allow && shape.allow) }
  return { command: url, args: [], env: isNested ? {} : headers, extra }
}

/** Where MCP is served: the address as given, or /mcp of the server that it names. A key goes over https, or stays on this machine. */
export function mcpUrl(text: string, key: string | undefined): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new UsageError(
      'INVALID_PARAMETER',
      '--url is no address.',
      'For example: --url https://memory.example.com',
    )
  const url = new URL(text)
  if (url.username !== '' || url.password !== '' || url.hash !== '')
    throw new UsageError(
      'INVALID_PARAMETER',
      '--url holds a password or a fragment.',
      'Give the key as --key KEY.',
    )
  const isLocal = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)
  if (key !== undefined && url.protocol === 'http:' && !isLocal)
    throw new UsageError(
      'INVALID_PARAMETER',
      '--url: over http everybody on the way could read the key.',
      'Use https.',
    )
  if (url.pathname === '/') url.pathname = '/mcp'
  return url.toString()
}
