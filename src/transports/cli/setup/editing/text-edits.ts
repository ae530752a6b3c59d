/** Replaces `length` characters at `offset` by `text`. */
export interface TextEdit {
  readonly offset: number
  readonly length: number
  readonly text: string
}

/** Applies edits that do not overlap; offsets are those of the text given. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const backwards = edits.toSorted((a, b) => b.offset - a.offset)
  return backwards.reduce(
    (done, edit) => done.slice(0, edit.offset) + edit.text + done.slice(edit.offset + edit.length),
    text,
  )
}

/** The line ending that the text uses; that of its first line. */
export function lineEnding(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? '\n'
}

/**
 * What keeps the comments of a value that is replaced: they are put in front of it, at `offset`, each on a line of its own. `pattern`
 * matches, over and over, a string or a comment of the language, the comment as the group of that name.
 */
export function keepComments(
  text: string,
  value: string,
  place: { offset: number; pattern: RegExp },
): TextEdit[] {
  const comments = [...value.matchAll(place.pattern)].flatMap(
    ({ groups }) => groups?.['comment']?.trimEnd() ?? [],
  )
  const line = text.slice(text.lastIndexOf('\n', place.offset - 1) + 1)
  const indent = /^[ \t]*/.exec(line)?.[0] ?? ''
  const lines = comments.map((comment) => comment + lineEnding(text) + indent)
  return lines.length === 0 ? [] : [{ offset: place.offset, length: 0, text: lines.join('') }]
}

/** Where an offset is, counted from 1 as editors do. */
export function positionAt(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split('\n')
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 }
}
