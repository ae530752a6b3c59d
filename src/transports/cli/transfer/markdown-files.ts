import { existsSync } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import { AppError } from '../../../domain/errors.ts'
import { isKnown, isMarkdown } from '../../../services/transfer/drafts/known-files.ts'
import type { MarkdownFile } from '../../../services/transfer/drafts/markdown.ts'
import { gitDirOf } from '../../../services/workspace/repository.ts'
import { fileInput } from './input.ts'

/** The Markdown that was asked for, and which files an earlier import may have had beside it. */
export interface MarkdownFiles {
  readonly files: readonly MarkdownFile[]
  readonly covers: (label: string) => boolean
}

const MOST = 5_000
/** Stands in what an export to Markdown wrote. */
const EXPORTED = join('global', 'scope.md')
const NOT_ENTERED = new Set(['.git', 'node_modules', 'vendor', 'dist', 'build', 'target', '.venv', 'venv'])

/** A file, or all of a folder; of a whole repository those that agents read. `projectRoot` is the project's own folder. */
export async function markdownFiles(given: string, projectRoot: string): Promise<MarkdownFiles> {
  const place = await realpath(given)
  const isFolder = (await stat(place)).isDirectory()
  const base = baseOf(place, isFolder, projectRoot)
  const found = isFolder ? await filesIn(place) : [place]
  const files: MarkdownFile[] = []
  const labels = new Set<string>()
  for (const path of found) {
    const label = base.label(path)
    labels.add(label)
    const [{ open }, { mtime }] = [await fileInput(path), await stat(path)]
    files.push({ source: open, label, path: base.inner(path), modifiedAt: mtime.toISOString() })
  }
  const prefix = isFolder ? base.label(join(place, 'x')).slice(0, -1) : undefined
  const isGone = (label: string) =>
    prefix !== undefined && label.startsWith(prefix) && !existsSync(join(place, label.slice(prefix.length)))
  return { files, covers: (label) => labels.has(label) || isGone(label) }
}

interface Base {
  readonly label: (path: string) => string
  readonly inner: (path: string) => string
}

/** In the project a file is called by its path there; outside, the name of its repository or folder stands in front. */
function baseOf(place: string, isFolder: boolean, projectRoot: string): Base {
  const from = (root: string) => (path: string) => relative(root, path).split(sep).join('/')
  if (isInside(place, projectRoot)) return { label: from(projectRoot), inner: from(projectRoot) }
  const folder = isFolder ? place : dirname(place)
  const root = upwards(folder).find((each) => gitDirOf(each) !== undefined) ?? folder
  return { label: (path) => `${basename(root)}/${from(root)(path)}`, inner: from(root) }
}

function isInside(place: string, root: string): boolean {
  return place === root || place.startsWith(root.endsWith(sep) ? root : root + sep)
}

function upwards(folder: string): string[] {
  const parent = dirname(folder)
  return parent === folder ? [folder] : [folder, ...upwards(parent)]
}

async function filesIn(folder: string): Promise<string[]> {
  const isRepository = gitDirOf(folder) !== undefined && !existsSync(join(folder, EXPORTED))
  const inner = (path: string) => relative(folder, path).split(sep).join('/')
  const all = (await walk(folder)).filter((path) => !isRepository || isKnown(inner(path)))
  const seen = new Set<string>()
  const files: string[] = []
  // CLAUDE.md is often a link to AGENTS.md: it is read once.
  for (const path of all.toSorted()) {
    const real = await realpath(path)
    if (!seen.has(real)) files.push(path)
    seen.add(real)
  }
  if (files.length > 0) return files
  throw new AppError(
    'INVALID_FILE_PATH',
    `${folder} holds no Markdown ${isRepository ? 'for agents' : 'file'}.`,
    {
      suggestion: isRepository
        ? 'Of a repository AGENTS.md, CLAUDE.md, rules of editors, memory banks and folders of decisions are read; name another folder in it to read all of that.'
        : 'Name the folder or the file that holds it.',
    },
  )
}

async function walk(folder: string, found: string[] = []): Promise<string[]> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && !NOT_ENTERED.has(entry.name)) await walk(path, found)
    else if (isMarkdown(entry.name) && (await isFile(path))) found.push(path)
    if (found.length > MOST)
      throw new AppError('TOO_LARGE', `More than ${MOST} Markdown files are in there.`, {
        suggestion: 'Name a folder further in.',
      })
  }
  return found
}

/** Also one that a link leads to; a link to nowhere is none. */
async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}
