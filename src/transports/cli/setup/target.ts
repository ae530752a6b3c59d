import { join } from 'node:path'
import { AppError } from '../../../domain/errors.ts'
import type { CommandIo } from '../io.ts'
import type { Client } from './clients/clients.ts'
import { type FoundClient, findProjectRoot, locateProjectFile, locateUserFile } from './clients/locate.ts'
import { stableNodePath } from './clients/node-path.ts'
import { remoteEntry, remoteFormOf, requireForm } from './clients/remote.ts'
import { readConfigFile } from './config-file.ts'
import type { ConfigEditor } from './editing/config-editor.ts'
import { PermissionEditor, ruleEntry } from './editing/edit-permissions.ts'
import { openEditor } from './editing/editor.ts'
import { buildEntry, type ServerEntry, startsThisProgram } from './entry.ts'
import type { SetupOptions } from './options.ts'

/** Claude Code's name for all tools of a server. */
const CLAUDE_RULE = 'mcp__agent-memory'

/** One file of a client, what is wanted there, and what can put it there. */
export interface Target extends FoundClient {
  readonly title: string
  readonly editor: ConfigEditor
  readonly wanted: ServerEntry
}

interface Asked {
  readonly io: CommandIo
  readonly options: SetupOptions
}

/** The file that registers the server. */
export async function entryTarget(client: Client, { io, options }: Asked): Promise<Target> {
  const found = options.project
    ? locateProjectFile(client, await findProjectRoot(io.cwd))
    : await locateUserFile(client, io)
  const shape = (await isRemoteIn(found.file, client, options)) ? remoteFormOf(client)?.shape : client.shape
  const editor = openEditor({ ...client, ...(shape && { shape }), file: found.file })
  return { ...found, title: client.title, editor, wanted: await wantedEntry({ io, options }, client) }
}

/** Whether the entry is, or is to be, one of a remote server. */
async function isRemoteIn(
  file: string,
  client: Client,
  { url, undo, all, clients }: SetupOptions,
): Promise<boolean> {
  if (url !== undefined) return requireForm(client) !== undefined
  // A setup that registers the program of this machine does not overwrite another kind of entry.
  if (!undo && (all || clients.length > 0)) return false
  const shape = remoteFormOf(client)?.shape
  const { text } = await readConfigFile(file, 0o600).catch(() => ({ text: undefined }))
  if (!shape || text === undefined) return false
  try {
    const found = openEditor({ ...client, shape, file }).find(text)
    return found !== undefined && startsThisProgram(found)
  } catch (error) {
    // Another kind of entry, or a file that cannot be read: the step that works on the file reports it.
    if (error instanceof AppError) return false
    throw error
  }
}

/** Claude Code keeps what needs no question in another file; undefined where there is nothing to do in it. */
export async function permissionTarget(client: Client, { io, options }: Asked): Promise<Target | undefined> {
  if (client.id !== 'claude-code' || !(options.allow || options.undo)) return undefined
  const folder = options.project
    ? join(await findProjectRoot(io.cwd), '.claude')
    : io.env.CLAUDE_CONFIG_DIR || join(io.home, '.claude')
  const file = join(folder, 'settings.json')
  const editor = new PermissionEditor({ file, rule: CLAUDE_RULE })
  if (options.undo) {
    const { text } = await readConfigFile(file, 0o600)
    if (text === undefined || editor.find(text) === undefined) return undefined
  }
  // It goes with the entry, which is refused where the client is not here.
  return {
    file,
    isInstalled: true,
    title: `${client.title} (permissions)`,
    editor,
    wanted: ruleEntry(CLAUDE_RULE),
  }
}

/** What an entry is to say, whichever client it is for; without one as far as that goes. */
export async function wantedEntry({ io, options }: Asked, client?: Client): Promise<ServerEntry> {
  const { platform, mainPath, nodePath } = io
  const { npx, env, carried, allow, url, key } = options
  if (url !== undefined && client) return remoteEntry(requireForm(client), { url, key, allow })
  return buildEntry({
    platform,
    mainPath,
    nodePath: await stableNodePath(nodePath),
    env: { ...carried, ...env },
    npx,
    extra: allow ? client?.shape.allow : undefined,
  })
}
