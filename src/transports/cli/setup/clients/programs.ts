import { stat } from 'node:fs/promises'
import { posix, win32 } from 'node:path'
import type { Place } from './client-files.ts'

/** Where a program is that a shell would start by this name; undefined where it would not find it. */
export async function findProgram(name: string, place: Place): Promise<string | undefined> {
  for (const path of placesOf(name, place)) if (await isFile(path)) return path
  return undefined
}

/** Where a shell looks for it, in that order. */
export function placesOf(name: string, { platform, env }: Place): string[] {
  const { join, delimiter } = platform === 'win32' ? win32 : posix
  const ends = platform === 'win32' ? ['', ...(env.PATHEXT ?? '.EXE;.CMD;.BAT').split(';')] : ['']
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean)
  return folders.flatMap((folder) => ends.map((end) => join(folder, name + end)))
}

export async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}
