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
