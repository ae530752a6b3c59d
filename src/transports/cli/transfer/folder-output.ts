import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../../../domain/errors.ts'
import { tried } from './output.ts'

/** Where pages go. */
export interface FolderOutput {
  write(page: { readonly path: string; readonly text: string }): Promise<void>
  /** Makes the pages appear, all at once. */
  finish(): Promise<void>
  /** Takes away what was left unfinished. Fine after `finish`. */
  close(): Promise<void>
}

/** A new folder for its owner only, or one that is empty. */
export async function folderOutput(path: string): Promise<FolderOutput> {
  if (await isFull(path)) {
    throw new AppError(
      'ALREADY_EXISTS',
      `${path} exists and is not an empty folder; an export never replaces a file.`,
      {
        suggestion: 'Name another folder, or move that one away.',
      },
    )
  }
  const part = `${path}.${randomBytes(4).toString('hex')}.part`
  await tried(path, () => mkdir(part, { mode: 0o700 }))
  return {
    async write(page) {
      const file = join(part, page.path)
      await tried(file, () => mkdir(dirname(file), { recursive: true, mode: 0o700 }))
      await tried(file, () => writeFile(file, page.text, { mode: 0o600, flag: 'wx' }))
    },
    async finish() {
      await rmdir(path).catch(() => {})
      await tried(path, () => rename(part, path))
    },
    close: () => rm(part, { recursive: true, force: true }),
  }
}

async function isFull(path: string): Promise<boolean> {
  try {
    return (await readdir(path)).length > 0
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ENOENT')
  }
}
