import { queryTerms } from './search-terms.ts'

/**
 * Orders texts by how many of the query's words they hold, for the few that no index knows. Texts without any are left out.
 * Coarser than an index: endings are compared by common beginnings.
 */
export function rankTexts(texts: ReadonlyMap<string, string>, query: string): string[] {
  const stems = queryTerms(query).map(stemOf)
  const scored = [...texts].map(([id, text]) => ({ id, score: scoreOf(text.toLowerCase(), stems) }))
  return scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id)
}

function scoreOf(text: string, stems: readonly string[]): number {
  return stems.filter((stem) => text.includes(stem)).reduce((sum, stem) => sum + stem.length, 0)
}

function stemOf(term: string): string {
  return term.replace(/(?:ings?|ed|es|s|ly)$/, '')
}
