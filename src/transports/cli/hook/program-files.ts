import { chmod } from 'node:fs/promises'
import { basename } from 'node:path'
import { AppError } from '../../../domain/errors.ts'
import { readConfigFile, refuseReadOnly, writeConfigFile } from '../setup/config-file.ts'

// Clients whose hooks are files of their own: each is ours as a whole, or belongs to another program and is
// left alone.

/** A file that a client runs, or loads. */
export interface ProgramFile {
  readonly file: string
  readonly text: string
  readonly mode: number
}

export type FilesState = 'installed' | 'outdated' | 'absent'

/** In each of them; by it they are known again. */
const OURS = 'Made by "agent-memory hook install"'

/** How they stand: all of them as wanted, none there, or in between. */
export async function filesState(files: readonly ProgramFile[]): Promise<FilesState> {
  const found = await Promise.all(files.map(async (wanted) => (await read(wanted)).text))
  if (found.every((text) => !text?.includes(OURS))) return 'absent'
  return found.every((text, at) => text === files[at]?.text) ? 'installed' : 'outdated'
}

/** Writes those that are missing or of before, after a look at all: no file of another program is touched. */
export async function putFiles(files: readonly ProgramFile[]): Promise<void> {
  const found = await Promise.all(files.map(read))
  for (const { path, text } of found)
    if (text !== undefined && !text.includes(OURS))
      throw new AppError('ALREADY_EXISTS', `${path} is a hook that is not ours; nothing was changed.`, {
        details: { file: path },
        suggestion: `Move it away, or start "agent-memory hook run" from it: docs/guides/hooks.md. One client has one ${basename(path)}.`,
      })
  for (const [at, file] of found.entries()) {
    const wanted = files[at]
    if (!wanted || file.text === wanted.text) continue
    refuseReadOnly(file)
    await writeConfigFile(file, { text: wanted.text, backup: undefined, kind: 'hooks' })
    await chmod(file.target, wanted.mode)
  }
}

/** Takes away those of ours. */
export async function removeFiles(files: readonly ProgramFile[]): Promise<void> {
  for (const wanted of files) {
    const file = await read(wanted)
    if (!file.text?.includes(OURS)) continue
    refuseReadOnly(file)
    await writeConfigFile(file, { text: undefined, backup: undefined, kind: 'hooks' })
  }
}

function read({ file, mode }: ProgramFile): ReturnType<typeof readConfigFile> {
  return readConfigFile(file, mode)
}

/** For a client that starts an executable file. */
export function shellProgram(file: string, command: string): ProgramFile {
  const text = `#!/bin/sh\n# ${OURS}; "agent-memory hook uninstall" takes it away.\nexec ${command}\n`
  return { file, text, mode: 0o755 }
}
