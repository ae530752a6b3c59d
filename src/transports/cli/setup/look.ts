import { AppError } from '../../../domain/errors.ts'
import type { CommandIo } from '../io.ts'
import type { Client } from './clients/clients.ts'
import { readConfigFile } from './config-file.ts'
import { deadPart, offSwitch } from './dead-parts.ts'
import { envOf, type FoundEntry } from './entry.ts'
import type { SetupOptions } from './options.ts'
import { entryState } from './plan.ts'
import type { ClientReport } from './report.ts'
import { findShadows } from './shadows.ts'
import { entryTarget } from './target.ts'

interface Asked {
  readonly io: CommandIo
  readonly options: SetupOptions
}

/** What a client's file says, without a change; trouble with one file is part of the answer. */
export async function lookAt(client: Client, asked: Asked): Promise<ClientReport> {
  const { file, isInstalled, editor, wanted } = await entryTarget(client, asked)
  const report = { client: client.id, title: client.title, file }
  try {
    const { text } = await readConfigFile(file, 0o600)
    const found = text === undefined ? undefined : editor.find(text)
    if (found === undefined) return { ...report, state: isInstalled ? 'absent' : 'not-installed' }
    const off = offSwitch(found)
    // Whether a remote server runs is not looked at here.
    if (isRemote(found)) return { ...report, state: 'registered', ...(off !== undefined && { off }) }
    const dead = await deadPart(found, asked.io)
    const isUsers = !asked.options.project
    const shadows = isUsers ? await findShadows(client, { file, text, cwd: asked.io.cwd, wanted }) : []
    const lacking = isUsers ? lackingSettings(client, found, asked.io) : []
    return {
      ...report,
      state: entryState(editor, text, wanted),
      ...(dead !== undefined && { dead }),
      ...(off !== undefined && { off }),
      ...(shadows.length > 0 && { shadows }),
      ...(lacking.length > 0 && { lacking }),
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { ...report, state: 'unreadable', error }
  }
}

function isRemote({ command }: FoundEntry): boolean {
  return typeof command === 'string' && /^https?:/.test(command)
}

/** Settings of this shell that the server of a client does not get. */
function lackingSettings(client: Client, found: FoundEntry, { givenSettings }: CommandIo): string[] {
  const names = Object.keys(givenSettings())
  const handedOn = found.others['env_vars']
  const isNamed = (name: string): boolean =>
    name in envOf(found) || (Array.isArray(handedOn) && handedOn.includes(name))
  return names.filter((name) => client.drops?.(name) && !isNamed(name))
}
