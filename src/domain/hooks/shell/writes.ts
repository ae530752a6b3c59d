import type { AppliedDiff, FilePattern, FilesBelow, ToolWrites } from '../event.ts'
import { diffPaths, patchWrites } from '../patch.ts'
import { changedBy, nameOf } from './below.ts'
import { diffFiles, stripOf } from './diffs.ts'
import { type InnerLine, innerLine } from './inner.ts'
import { type ShellCommand, type ShellWord, type Work, workOfLine } from './parts.ts'
import { shownBy, withoutPrefix } from './programs.ts'
import { namedInScript } from './scripts.ts'
import { shellCommands } from './words.ts'

type Written = Required<Omit<ToolWrites, 'texts'>>

/** A shell in a shell, so often. */
const MOST_DEPTH = 3

/**
 * The files that a command line writes, where that is certain: redirections, and a few common programs, with
 * names that stand there letter for letter, or patterns. What comes out of a variable or a program is not
 * guessed; after a `cd` that does, a relative name means nothing.
 */
export function shellWrites(line: string): ToolWrites {
  const { paths, ...written } = linesWrites({ line, given: [] }, { base: '', depth: 0, work: workOfLine() })
  const plain = [...new Set(paths)].filter((path) => !path.startsWith('/dev/'))
  return { ...written, paths: plain, texts: [line] }
}

/** The files that a command line shows, where that is certain and it writes none. */
export function shellReads(line: string): readonly string[] {
  const written = linesWrites({ line, given: [] }, { base: '', depth: 0, work: workOfLine() })
  if (Object.values(written).some((all) => all.length > 0)) return []
  const folders: Folders = { at: '', before: [] }
  return shellCommands(line).flatMap((command) => {
    const [program, ...given] = withoutPrefix(command.words)
    const shown = shownBy(program?.text ?? '', given).filter(isCertain)
    const from = folders.at
    changeFolder(command, folders)
    if (command.bracket) folders.at = undefined
    return shown.flatMap(({ text }) => placed(text, from))
  })
}

interface Start {
  /** The folder that relative names start at, below the call's own; undefined where that is not certain. */
  readonly base: string | undefined
  readonly depth: number
  /** Of the whole line. */
  readonly work: Work
}

function linesWrites({ line, given }: InnerLine, { base: start, depth, work }: Start): Written {
  const paths: string[] = []
  const into: { folder: string; name: string }[] = []
  const ifThere: string[] = []
  const patterns: FilePattern[] = []
  const below: FilesBelow[] = []
  const named: string[] = []
  const diffs: AppliedDiff[] = []
  const outer: (string | undefined)[] = []
  const folders: Folders = { at: start, before: [] }
  for (const command of shellCommands(line, given, work)) {
    const base = folders.at
    if (command.bracket === '(') outer.push(base)
    else if (command.bracket === ')') folders.at = outer.length > 0 ? outer.pop() : base
    const written = writtenBy(command, { base, depth, work })
    paths.push(...written.paths)
    into.push(...written.into)
    ifThere.push(...written.ifThere)
    patterns.push(...written.patterns)
    below.push(...written.below)
    named.push(...written.named)
    diffs.push(...written.diffs)
    changeFolder(command, folders)
  }
  return { paths, into, ifThere, named, patterns, below, diffs }
}

function writtenBy(command: ShellCommand, { base, depth, work }: Start): Written {
  const [program, ...given] = withoutPrefix(command.words)
  const name = nameOf(program)
  const inner = depth < MOST_DEPTH ? innerLine(name, given, command.hereText) : undefined
  const script = namedInScript(name, given, command.hereText)
  const nested = inner === undefined ? undefined : linesWrites(inner, { base, depth: depth + 1, work })
  const changed = changedBy(command)
  const { files, targets, ifThere = [], below = [], base: own = '' } = changed
  const at = (path: string) => placed(path, base)
  const inOwn = (path: string) => at(own === '' ? path : (placed(path, own)[0] ?? path))
  const certain = (words: readonly ShellWord[]) => words.filter(isCertain).map(({ text }) => text)
  return {
    paths: [
      ...certain(command.targets).flatMap(at),
      ...certain(files).flatMap(inOwn),
      ...patched(name, given, command.hereText).flatMap(inOwn),
      ...(nested?.paths ?? []),
    ],
    into: [
      ...targets.flatMap(({ target, source }) =>
        isCertain(target) && isCertain(source)
          ? inOwn(target.text).map((folder) => ({ folder, name: lastName(source.text) }))
          : [],
      ),
      ...(nested?.into ?? []),
    ],
    ifThere: [...certain(ifThere).flatMap(inOwn), ...(nested?.ifThere ?? [])],
    named: [...script.flatMap(at), ...(nested?.named ?? [])],
    diffs: [
      ...diffFiles(name, given, command.input).flatMap(({ file, isShells, strip }) =>
        inOwn('.').flatMap((folder) =>
          (isShells ? at(file) : inOwn(file)).map((path) => ({ file: path, folder, strip })),
        ),
      ),
      ...(nested?.diffs ?? []),
    ],
    below: [
      ...below.flatMap(({ folder, names }) =>
        isCertain(folder) ? inOwn(folder.text).map((path) => ({ folder: path, names })) : [],
      ),
      ...(nested?.below ?? []),
    ],
    patterns: [
      ...files.flatMap(({ glob }) => {
        const folder = own === '' ? base : placed(own, base)[0]
        if (glob === undefined || (folder === undefined && !glob.startsWith('/'))) return []
        return [{ folder: folder ?? '', glob, hasFolders: changesFolders(name, given) }]
      }),
      ...(nested?.patterns ?? []),
    ],
  }
}

/** Whether a program changes folders that it is given, and not only files. */
function changesFolders(program: string, given: readonly ShellWord[]): boolean {
  if (program !== 'rm') return program === 'mv' || program === 'git'
  return given.some(({ text }) => /^(-[a-zA-Z]*[rR]|--recursive$)/.test(text))
}

/** The files that a patch names which stands on the line, or below it. */
function patched(
  program: string,
  given: readonly ShellWord[],
  hereText: string | undefined,
): readonly string[] {
  if (/^(apply_patch|applypatch)$/.test(program)) return patchWrites(hereText ?? given[0]?.text ?? '').paths
  const strip = hereText === undefined ? null : stripOf(program, given)
  return hereText === undefined || strip === null ? [] : diffPaths(hereText, strip)
}

interface Folders {
  /** Where relative names start; undefined where that is not certain. */
  at: string | undefined
  /** What `popd` goes back to. */
  readonly before: (string | undefined)[]
}

function changeFolder({ words }: ShellCommand, folders: Folders): void {
  const [program, ...given] = withoutPrefix(words)
  if (!program || !/^(cd|pushd|popd)$/.test(program.text)) return
  if (program.text === 'popd') {
    folders.at = folders.before.pop()
    return
  }
  if (program.text === 'pushd') folders.before.push(folders.at)
  const [folder, ...more] = given.filter(({ text }) => text !== '--')
  const isPlain = folder && isCertain(folder) && more.length === 0 && !/^[-+]/.test(folder.text)
  folders.at = isPlain ? placed(folder.text, folders.at)[0] : undefined
}

/** None where a relative name means nothing. */
function placed(path: string, base: string | undefined): string[] {
  if (path.startsWith('/') || base === '') return [path]
  return base === undefined ? [] : [`${base}/${path}`]
}

function isCertain({ text, isCertain: certain }: ShellWord): boolean {
  return certain && text !== ''
}

function lastName(path: string): string {
  return path.replace(/\/+$/, '').split('/').at(-1) ?? ''
}
