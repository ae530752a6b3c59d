import { posix, win32 } from 'node:path'
import type { Place } from './clients/client-files.ts'
import { findProgram, isFile } from './clients/programs.ts'
import type { FoundEntry } from './entry.ts'

/** What an entry would start and is not there (any more), in words: its program, or the script that this runs. */
export async function deadPart({ command, args }: FoundEntry, place: Place): Promise<string | undefined> {
  if (typeof command !== 'string' || command === '') return 'It names no command.'
  const { isAbsolute } = place.platform === 'win32' ? win32 : posix
  if (isAbsolute(command) && !(await isFile(command))) return `${command} does not exist.`
  const isName = !/[\\/]/.test(command)
  if (isName && (await findProgram(command, place)) === undefined) return `${command} is not on the PATH.`
  const script = scriptIn(args)
  if (script !== undefined && isAbsolute(script) && !(await isFile(script)))
    return `${script} does not exist.`
  return undefined
}

/** That its user has switched the entry off, in words: such a server is not started, whatever else the entry says. */
export function offSwitch({ others }: FoundEntry): string | undefined {
  const name = Object.entries({ disabled: true, enabled: false }).find(
    ([key, off]) => others[key] === off,
  )?.[0]
  return name && `${name} is ${String(others[name])} in its entry, so the client does not start it.`
}

/** The file that the program is to run: the first argument, where that is one. */
function scriptIn(args: unknown): string | undefined {
  const words: readonly unknown[] = Array.isArray(args) ? args : []
  const first = words.find((word) => typeof word === 'string' && !word.startsWith('-'))
  return typeof first === 'string' && /\.[cm]?[jt]s$/.test(first) ? first : undefined
}
