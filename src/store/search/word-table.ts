import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readWordTable, type WordTable } from '../../domain/words/vectors/vectors.ts'

let table: WordTable | null | undefined

/** The word vectors, read when they are first needed; null where the file is missing: then words alone count. */
export function wordTable(): WordTable | null {
  if (table === undefined) table = read()
  return table
}

/** The build puts the file beside the program, as it is beside this source. */
function read(): WordTable | null {
  try {
    return readWordTable(readFileSync(join(import.meta.dirname, 'words-44k.bin')))
  } catch {
    return null
  }
}
