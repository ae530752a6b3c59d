import { isRow, type Row } from './cells.ts'
import { oneLine, type Terminal } from './terminal.ts'

/** Below the table of what was found: why each of it stands where it stands, a line for each part of its rank. */
export function whyLines(rows: readonly Row[], { bold, dim }: Terminal): string[] {
  return rows.flatMap((row, at) => {
    const { why } = row
    if (!isRow(why)) return []
    const title = bold(`${at + 1}. ${oneLine(String(row['name'] ?? ''))}`)
    return ['', `${title}  rank ${why['rank']}`, ...linesOf(why).map((line) => `   ${dim(line)}`)]
  })
}

function linesOf(why: Row): string[] {
  const { words, missing, vectors, factors, around, newer_than: newerThan } = why
  return [
    ...listOf(words).filter(isRow).map(wordLine),
    ...(listOf(missing).length > 0 ? [`not there: ${oneLine(listOf(missing).join(', '))}`] : []),
    ...(isRow(vectors)
      ? [`alike by vectors (${vectors['of']}) ${vectors['likeness']}: +${vectors['adds']}`]
      : []),
    ...(isRow(factors) ? [`times ${numbers(factors)}`] : []),
    ...(around === undefined ? [] : [`turns around it: +${around}`]),
    ...(listOf(newerThan).length > 0 ? [`newer than ${oneLine(listOf(newerThan).join(', '))}`] : []),
  ]
}

function wordLine({ word, found, by, in: places, adds }: Row): string {
  const as = found === word ? '' : ` as ${oneLine(String(found))}`
  return `${oneLine(String(word))}${as} (${by}) in ${isRow(places) ? numbers(places) : ''}: +${adds}`
}

function numbers(row: Row): string {
  return Object.entries(row)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
