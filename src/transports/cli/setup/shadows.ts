import { join } from 'node:path'
import { getNodeValue } from 'jsonc-parser'
import { AppError } from '../../../domain/errors.ts'
import type { Client } from './clients/clients.ts'
import { findProjectRoot } from './clients/locate.ts'
import { foundIn } from './clients/shape.ts'
import { readConfigFile } from './config-file.ts'
import { openEditor } from './editing/editor.ts'
import { parseOutline } from './editing/json-outline.ts'
import { isRecord, isSameStart, requireLocal, SERVER_NAME, type ServerEntry } from './entry.ts'

/** An entry under our name that the client prefers to the user's own, and that starts something else. */
export interface Shadow {
  /** Where it stands, in words. */
  readonly where: string
  readonly mend: string
}

interface Seen {
  /** The user's own file, and its text. */
  readonly file: string
  readonly text: string | undefined
  readonly cwd: string
  readonly wanted: ServerEntry
}

/** What stands before the user's own entry: in the project's file, and with Claude Code in its notes about projects. */
export async function findShadows(client: Client, seen: Seen): Promise<Shadow[]> {
  const ofProjects = client.id === 'claude-code' ? shadowsInProjects(client, seen) : []
  return [...ofProjects, ...(await shadowInProjectFile(client, seen))]
}

async function shadowInProjectFile(client: Client, { file, cwd, wanted }: Seen): Promise<Shadow[]> {
  // VS Code shows both, each under its own heading.
  if (client.projectFile === undefined || client.id === 'vscode') return []
  const path = join(await findProjectRoot(cwd), ...client.projectFile.split('/'))
  if (path === file) return []
  try {
    const { text } = await readConfigFile(path, 0o644)
    const found = text === undefined ? undefined : openEditor({ ...client, file: path }).find(text)
    if (found === undefined || isSameStart(found, wanted)) return []
    return [{ where: path, mend: `agent-memory setup ${client.id} --project brings it up to date.` }]
  } catch (error) {
    // What cannot be read is for the client to complain about.
    if (error instanceof AppError) return []
    throw error
  }
}

/** `claude mcp add` keeps its entries by folder, beside the user's own, and takes them first there. */
function shadowsInProjects({ shape }: Client, { file, text = '', wanted }: Seen): Shadow[] {
  if (!text.includes(SERVER_NAME)) return []
  const { root } = parseOutline(text, 'projects')
  const node = root?.children?.find((property) => property.children?.[0]?.value === 'projects')?.children?.[1]
  const projects: unknown = node && getNodeValue(node)
  return Object.entries(isRecord(projects) ? projects : {}).flatMap(([folder, project]) => {
    const servers = isRecord(project) ? project['mcpServers'] : undefined
    const entry = isRecord(servers) ? servers[SERVER_NAME] : undefined
    if (entry === undefined || isOurs(entry)) return []
    const mend = `In that folder: claude mcp remove ${SERVER_NAME} --scope local`
    return [{ where: `${file}, projects["${folder}"].mcpServers`, mend }]
  })

  function isOurs(entry: unknown): boolean {
    try {
      return isSameStart(foundIn(requireLocal(entry, file), shape), wanted)
    } catch (error) {
      if (error instanceof AppError) return false
      throw error
    }
  }
}
