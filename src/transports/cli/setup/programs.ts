import { stat } from 'node:fs/promises'
import { posix, win32 } from 'node:path'
import type { Place } from './client-files.ts'

/** Where a program is that a shell would start by this name; undefined where it would not find it. */
export async function findProgram(name: string, { platform, env }: Place): Promise<string | undefined> {
  const { join, delimiter } = platform === 'win32' ? win32 : posix
  const ends = platform === 'win32' ? ['', ...(env.PATHEXT ?? '.EXE;.CMD;.BAT').split(';')] : ['']
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean)
  for (const path of folders.flatMap((folder) => ends.map((end) => join(folder, name + end))))
    if (await isFile(path)) return path
  return undefined
}

export async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}
