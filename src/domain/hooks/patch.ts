import type { ToolWrites } from './event.ts'

/** Reads a patch of the `*** Begin Patch` form: the files that it names, and the lines that it adds. */
export function patchWrites(patch: string): ToolWrites {
  const lines = patch.split(/\r?\n/)
  const paths = lines.flatMap((line) => {
    const [, path] = /^\*\*\* (?:Add File|Update File|Delete File|Move to): (.+?)\s*$/.exec(line) ?? []
    return path ?? []
  })
  const added = lines.filter((line) => line.startsWith('+')).map((line) => line.slice(1))
  return { paths: [...new Set(paths)], texts: added.length > 0 ? [added.join('\n')] : [] }
}

/** The files of a unified diff, their first `strip` folders taken off; without a number, all folders, as `patch` does. */
export function diffPaths(diff: string, strip: number | undefined): string[] {
  const lines = diff.split(/\r?\n/)
  const named = lines.flatMap((line, at) => {
    const isHeader = line.startsWith('--- ') && lines[at + 1]?.startsWith('+++ ')
    return isHeader ? [line, lines[at + 1] ?? ''] : []
  })
  const paths = named
    .map((line) => line.slice(4).replace(/\t.*$/, '').trim())
    .filter((path) => path !== '/dev/null')
    .map((path) =>
      path
        .split('/')
        .slice(strip ?? -1)
        .join('/'),
    )
  // Of what git renames, and of binary files, there may be no other line.
  const ofGit = lines.flatMap((line) => {
    const [, named, same] = OF_GIT.exec(line) ?? []
    return named ?? same ?? []
  })
  return [...new Set([...paths, ...ofGit])].filter((path) => path !== '')
}

const OF_GIT = /^(?:(?:rename from|rename to|copy to) (.+)|diff --git a\/(.+) b\/\2)$/
