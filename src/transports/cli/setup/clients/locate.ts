import { access, readdir } from 'node:fs/promises'
import { dirname, join, parse, sep } from 'node:path'
import { AppError } from '../../../../domain/errors.ts'
import type { Location, Place } from './client-files.ts'
import type { Client } from './clients.ts'
import { findProgram } from './programs.ts'

/** Where a client's file is on this machine. */
export interface FoundClient {
  readonly file: string
  readonly isInstalled: boolean
}

/** The user's own file: of the first home of the client that exists, else of the one that it would get. */
export async function locateUserFile(client: Client, place: Place): Promise<FoundClient> {
  const locations = client.locations(place)
  for (const location of locations) {
    const found = await expand(location)
    if (found !== undefined) return { file: found.file, isInstalled: true }
  }
  // Before its first start a client has no file; its program says that it is here.
  const program = client.program === undefined ? undefined : await findProgram(client.program, place)
  return { file: locations.at(-1)?.file ?? '', isInstalled: program !== undefined }
}

/** The project's file. It needs no installed client: it is for all who work on the project. */
export function locateProjectFile(client: Client, root: string): FoundClient {
  if (client.projectFile === undefined) {
    throw new AppError('INVALID_PARAMETER', `${client.title} has no file of its own in a project.`, {
      suggestion: 'Leave --project out to register the server for the user.',
    })
  }
  return { file: join(root, ...client.projectFile.split('/')), isInstalled: true }
}

/** The nearest folder upwards that is a Git work tree, else the folder itself. */
export async function findProjectRoot(folder: string): Promise<string> {
  for (let at = folder; at !== parse(at).root; at = dirname(at)) {
    if (await exists(join(at, '.git'))) return at
  }
  return folder
}

/** Fills in the `*` of a location by what is on the disk; undefined if the client is not there. */
async function expand({ file, marker }: Location): Promise<Location | undefined> {
  if (!marker.includes('*')) return (await exists(marker)) ? { file, marker } : undefined
  const segments = marker.split(sep)
  const at = segments.findIndex((segment) => segment.includes('*'))
  const pattern = segments[at] ?? ''
  const parent = segments.slice(0, at).join(sep)
  for (const name of await namesIn(parent, pattern)) {
    const found = marker.replace(pattern, name)
    if (await exists(found)) return { file: file.replace(pattern, name), marker: found }
  }
  return undefined
}

async function namesIn(folder: string, pattern: string): Promise<string[]> {
  const [start = '', end = ''] = pattern.toLowerCase().split('*')
  const names = await readdir(folder).catch(() => [])
  return names
    .filter((name) => name.toLowerCase().startsWith(start) && name.toLowerCase().endsWith(end))
    .sort()
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
