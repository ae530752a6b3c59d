import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readWordTable, type WordTable } from '../../domain/words/vectors.ts'

/** Beside the bundled program, and beside the sources. */
const FOLDERS = ['../assets', '../../../assets']
const FILE = 'words-30k.bin'

let table: WordTable | null | undefined

/** The word vectors, read when they are first needed; null where the file is missing: then words alone count. */
export function wordTable(): WordTable | null {
  table ??= read()
  return table
}

function read(): WordTable | null {
  for (const folder of FOLDERS) {
    try {
      return readWordTable(readFileSync(join(import.meta.dirname, folder, FILE)))
    } catch {
      // Not there: perhaps in the next one.
    }
  }
  return null
}
