import { AppError } from '../../../domain/errors.ts'
import type { ConfigEditor } from './editing/config-editor.ts'
import { asOwnEntry, isSameEntry, type ServerEntry, startsThisProgram } from './entry.ts'

/** Whether the file starts the server as wanted, starts it otherwise, or does not know it. */
export type EntryState = 'registered' | 'different' | 'absent'

export interface FilePlan {
  readonly state: EntryState
  readonly stateAfter: EntryState
  readonly before: string | undefined
  /** Undefined: no file. */
  readonly after: string | undefined
  /** What becomes of the backup beside the file. */
  readonly backup: 'write' | 'keep' | 'remove'
}

interface FileState {
  readonly before: string | undefined
  readonly backup: string | undefined
  readonly wanted: ServerEntry
}

export function entryState(editor: ConfigEditor, text: string | undefined, wanted: ServerEntry): EntryState {
  const found = text === undefined ? undefined : editor.find(text)
  if (found === undefined) return 'absent'
  return isSameEntry(found, wanted) ? 'registered' : 'different'
}

/** The change that registers the server. A second run with the same wish is no change. */
export function planSetup(editor: ConfigEditor, file: FileState): FilePlan {
  const { before, wanted } = file
  if (entryState(editor, before, wanted) === 'registered') return makePlan(editor, file, before, 'keep')
  if (before === undefined) return makePlan(editor, file, editor.put('', wanted), 'keep')
  const origin = findOrigin(editor, file)
  if (origin === undefined) return makePlan(editor, file, editor.put(before, wanted), 'write')
  // Made anew from what was there before us, whose backup stays: so undo still leads back to it.
  const env = { ...origin.entry.env, ...wanted.env }
  const extra = { ...origin.entry.extra, ...wanted.extra }
  return makePlan(editor, file, editor.put(origin.text ?? '', { ...wanted, env, extra }), 'keep')
}

/** The change that takes the server out again: back to the very bytes of before, where nothing else has changed since. */
export function planUndo(editor: ConfigEditor, file: FileState): FilePlan {
  const { before, backup } = file
  if (before === undefined || editor.find(before) === undefined) return makePlan(editor, file, before, 'keep')
  const origin = findOrigin(editor, file)
  if (origin !== undefined)
    return makePlan(editor, file, origin.text, origin.text === undefined ? 'keep' : 'remove')
  const dropTable = backup === undefined || !(attempt(() => editor.hasTable(backup)) ?? true)
  return makePlan(editor, file, editor.remove(before, { dropTable }), 'write')
}

function makePlan(
  editor: ConfigEditor,
  { before, wanted }: FileState,
  after: string | undefined,
  backup: FilePlan['backup'],
): FilePlan {
  const state = entryState(editor, before, wanted)
  return { state, stateAfter: entryState(editor, after, wanted), before, after, backup }
}

interface Origin {
  /** Undefined: there was no file. */
  readonly text: string | undefined
  /** What we have added to it. */
  readonly entry: ServerEntry
}

/** What the file was before us, if it is still exactly what we have made of that. */
function findOrigin(editor: ConfigEditor, { before, backup }: FileState): Origin | undefined {
  const found = before === undefined ? undefined : editor.find(before)
  const entry = found && asOwnEntry(found, editor.allow)
  if (entry === undefined) return undefined
  const isMadeFrom = (text: string): boolean => attempt(() => editor.put(text, entry)) === before
  if (backup !== undefined && !isAfterUs(editor, backup) && isMadeFrom(backup)) return { text: backup, entry }
  return isMadeFrom('') ? { text: undefined, entry } : undefined
}

/** Whether a backup already has an entry of an earlier run. */
function isAfterUs(editor: ConfigEditor, backup: string): boolean {
  const found = attempt(() => editor.find(backup))
  return found !== undefined && startsThisProgram(found)
}

/** A backup that cannot be read is no use, and no reason to stop. */
function attempt<Result>(read: () => Result): Result | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}
