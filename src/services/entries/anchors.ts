import { createHash } from 'node:crypto'
import { lstat, readFile, realpath } from 'node:fs/promises'
import { isAbsolute, join, relative, sep } from 'node:path'
import { type Anchor, anchorText, readAnchor } from '../../domain/entries/anchor.ts'
import type { Entry } from '../../domain/entries/entry.ts'
import { listField } from '../../domain/entries/types/entry-type.ts'
import { AppError } from '../../domain/errors.ts'
import { GLOBAL_SCOPE_ID } from '../../domain/scope.ts'
import type { Caller, Workspace } from '../running/caller.ts'
import type { Scopes } from '../scopes/scopes.ts'

// Files are only ever read in the folder that the caller itself works in: over HTTP none is.

/** What was written with the hashes of its files: given ones as they are, the others as the files read now. */
export async function withBlobs<T extends Readonly<Record<string, unknown>>>(
  caller: Caller,
  written: T,
): Promise<T> {
  const given = written['anchors']
  if (!Array.isArray(given) || given.length === 0) return written
  const anchors = []
  for (const [at, text] of given.entries()) {
    const anchor = readAnchor(String(text))
    const blobs = anchor.blob === undefined ? await blobsOf(caller, anchor) : [anchor.blob]
    const [blob] = blobs ?? []
    if (blob === undefined) throw notThere(at, caller)
    anchors.push(anchorText({ ...anchor, blob }))
  }
  return { ...written, anchors }
}

function notThere(at: number, { workspace }: Caller): AppError {
  const where = workspace ? 'is no file of this work tree' : 'has no hash, and this server reads no files'
  return new AppError('INVALID_PARAMETER', `anchors.${at}: ${where}.`, {
    suggestion: 'Give a path below the root of the work tree, or path@hash with the hash of git hash-object.',
  })
}

/** Says of each entry of the caller's own project which of its files read otherwise now. */
export async function withChangedFiles<T extends Entry>(
  scopes: Scopes,
  caller: Caller,
  entries: readonly T[],
): Promise<(T & { readonly changed_files?: readonly string[] })[]> {
  if (!caller.workspace || entries.every(({ anchors }) => anchors === undefined)) return [...entries]
  const chain = await scopes.chainForRead(caller, {})
  const own = new Set(chain.filter(({ type }) => type !== 'global' && type !== 'org').map(({ id }) => id))
  const shown = []
  for (const entry of entries) {
    const changed = own.has(entry.scope_id ?? GLOBAL_SCOPE_ID) ? await changedFiles(caller, entry) : []
    shown.push(changed.length > 0 ? { ...entry, changed_files: changed } : entry)
  }
  return shown
}

async function changedFiles(caller: Caller, entry: Entry): Promise<string[]> {
  const changed = []
  for (const text of listField(entry, 'anchors')) {
    const anchor = readAnchor(text)
    const now = await blobsOf(caller, anchor)
    if (anchor.blob !== undefined && !now?.includes(anchor.blob)) changed.push(anchor.path)
  }
  return changed
}

const LARGEST_FILE = 8 * 1024 * 1024

/** What Git may call the file: as it is, and with the ends of lines as Git keeps them. Undefined where there is none to read. */
async function blobsOf({ workspace }: Caller, { path, blob }: Anchor): Promise<string[] | undefined> {
  const file = workspace && !workspace.isOutside ? await fileIn(workspace, path) : undefined
  if (file === undefined) return undefined
  try {
    const bytes = await readFile(file)
    const algorithm = blob?.length === 64 ? 'sha256' : 'sha1'
    const plain = Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')
    return [...new Set([blobHash(bytes, algorithm), blobHash(plain, algorithm)])]
  } catch {
    return undefined
  }
}

/** Of a regular file below the root, not too large to be read at each answer; links out of the tree lead nowhere. */
async function fileIn({ pathRoot }: Workspace, path: string): Promise<string | undefined> {
  try {
    const root = await realpath(pathRoot)
    const file = await realpath(isAbsolute(path) ? path : join(root, path))
    const inside = relative(root, file)
    if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside))
      return undefined
    const { size, ...kind } = await lstat(file).then((stat) => ({ size: stat.size, isFile: stat.isFile() }))
    return kind.isFile && size <= LARGEST_FILE ? file : undefined
  } catch {
    return undefined
  }
}

function blobHash(bytes: Buffer, algorithm: 'sha1' | 'sha256'): string {
  return createHash(algorithm).update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}
