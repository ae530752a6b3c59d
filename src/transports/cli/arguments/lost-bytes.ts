import { isUtf8 } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import { UsageError } from './usage.ts'

/** What stands in a text for bytes that are none. */
const REPLACEMENT = '\uFFFD'

/**
 * Node replaces what is not UTF-8 in its arguments: a lock would be of a file that is not there, and a text would be stored without
 * its letters. The sign may also have been given as such; what was given is known on Linux alone.
 */
export async function refuseLostBytes(argv: readonly string[]): Promise<void> {
  if (!argv.some((word) => word.includes(REPLACEMENT))) return
  const given = await readFile('/proc/self/cmdline').catch(() => undefined)
  if (given === undefined || isUtf8(given)) return
  throw new UsageError(
    'INVALID_PARAMETER',
    'An argument is not UTF-8 text.',
    'Convert it first, for example with iconv; a file whose name is in another encoding needs another name (convmv).',
  )
}
