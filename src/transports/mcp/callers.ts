import { randomBytes } from 'node:crypto'
import type { Config } from '../../config.ts'
import type { Caller, Workspace } from '../../services/running/caller.ts'
import { findWorkspace } from '../../services/running/workspace.ts'
import type { McpRequest } from './request.ts'

/** Who calls over a connection of its own, and from which project: by the settings, else by what the client says. */
export function callersOfConnection({
  agentId,
  project,
  root: fixed,
}: Config): (request: McpRequest) => Promise<Caller> {
  const connection = randomBytes(4).toString('hex')
  const here = findWorkspace(fixed ?? process.cwd(), project)
  const known = new Map<string, Workspace>()
  const workspaceOf = (root: string | undefined): Workspace => {
    if (root === undefined) return here
    const workspace = known.get(root) ?? workspaceAt(root, project) ?? here
    known.set(root, workspace)
    return workspace
  }
  return async ({ clientName, clientRoot }) => ({
    agentId: agentId ?? `${shortName(clientName)}-${connection}`,
    workspace: fixed === undefined ? workspaceOf(await clientRoot()) : here,
  })
}

/** The client may name a folder that is not there, or not ours to read. */
function workspaceAt(root: string, project: string | undefined): Workspace | undefined {
  try {
    return findWorkspace(root, project)
  } catch {
    return undefined
  }
}

function shortName(clientName = 'client'): string {
  return clientName.trim().slice(0, 200).toWellFormed().replaceAll('\0', '') || 'client'
}
