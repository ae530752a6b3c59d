import { type Kysely, sql } from 'kysely'
import { isDocumentText, vectorOf } from '../../../domain/words/document.ts'
import type { Schema } from '../../schema.ts'
import { isFound } from '../../search/filter.ts'
import type { SearchRequest, StoredVector } from '../../search/index.ts'
import { HEAD } from '../../search/rows.ts'
import type { KeptRows } from './kept-rows.ts'

/** Some three megabytes. */
const MOST_VECTORS = 10_000

interface HeadRow {
  readonly seq: number
  readonly id: string
  readonly head: string
}

/**
 * The vectors of all entries in reach. They stand in the entries' texts, and to read thousands of those took most of a search in a
 * scope of that size: from the second search on only the entries' numbers are asked for, until the index changes.
 */
export async function keptVectors(
  db: Kysely<Schema>,
  request: SearchRequest,
  kept: KeptRows,
): Promise<StoredVector[]> {
  const bySeq = await kept.known(db, 'vectors', async () => new Map<number, StoredVector>())
  if (bySeq.size > MOST_VECTORS) bySeq.clear()
  if (bySeq.size === 0) {
    const { rows } =
      await sql<HeadRow>`select entry.seq, entry.id, ${HEAD} from entry where ${isFound(request)}`.execute(db)
    return rows.map((row) => keep(bySeq, row))
  }
  const { rows } = await sql<{
    seqs: string
  }>`select json_group_array(entry.seq) as seqs from entry where ${isFound(request)}`.execute(db)
  const seqs = JSON.parse(rows[0]?.seqs ?? '[]') as number[]
  const missing = seqs.filter((seq) => !bySeq.has(seq))
  if (missing.length > 0) {
    const read = await sql<HeadRow>`select entry.seq, entry.id, ${HEAD}
      from json_each(${JSON.stringify(missing)}) as listed cross join entry where entry.seq = listed.value`.execute(
      db,
    )
    for (const row of read.rows) keep(bySeq, row)
  }
  return seqs.flatMap((seq) => bySeq.get(seq) ?? [])
}

function keep(bySeq: Map<number, StoredVector>, { seq, id, head }: HeadRow): StoredVector {
  const read = { id, vector: isDocumentText(head) ? vectorOf(head) : undefined }
  bySeq.set(seq, read)
  return read
}
