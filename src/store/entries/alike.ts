import { type Kysely, sql } from 'kysely'
import { COMPARED_CHARACTERS } from '../../domain/words/ranking/similarity.ts'
import { PROBES, type Sketch, sketchProbes } from '../../domain/words/ranking/sketch.ts'
import type { Reader } from '../access.ts'
import { prepared } from '../prepared.ts'
import type { Schema } from '../schema.ts'

/** An entry that may read like another one; of a long content the beginning. */
export interface AlikeText {
  readonly id: string
  readonly scopeId: string
  readonly name: string
  readonly content: string
}

/** More texts than this on one key are made from one template. */
const MOST_OF_A_SKETCH = 16
const MOST_SCOPES = 4

/** Keeps the sketches of different scopes and types apart. */
export function sketchPlace(scopeId: string, type: string): string {
  return `${scopeId}/${type}`
}

/** A few active entries that probably share most words with that sketch. As cheap in a large database as in a small one. */
export async function findAlike(
  db: Reader,
  { sketch, scopeIds, type }: { sketch: Sketch; scopeIds: readonly string[]; type: string },
): Promise<AlikeText[]> {
  const places = scopeIds.slice(0, MOST_SCOPES).map((id) => sketchPlace(id, type))
  const [byA, byB] = sketchProbes(sketch, places)
  if (byA.length === 0) return []
  const rows = await probe(db, padded({ a: byA, b: byB }))
  const found = rows.filter((row) => row.status === 'active' && scopeIds.includes(row.scopeId))
  return [...new Map(found.map(({ status: _status, ...row }) => [row.id, row])).values()]
}

type Order = 'a' | 'b'
const PLACES = Array.from({ length: PROBES * MOST_SCOPES }, (_, place) => place)
/** The names of the values of each order. */
const KEYS = { a: PLACES.map((place) => `a${place}`), b: PLACES.map((place) => `b${place}`) }
const probe = prepared([...KEYS.a, ...KEYS.b], (db: Kysely<Schema>, keys: Record<string, number>) =>
  db
    .selectFrom(inOrder(db, 'a', keys))
    .selectAll()
    .unionAll(db.selectFrom(inOrder(db, 'b', keys)).selectAll()),
)

/** Nothing but the sketch in its condition: whatever else stands there could tempt a planner to another index. */
function inOrder(db: Kysely<Schema>, order: Order, keys: Record<string, number>) {
  const column = `sketch_${order}` as const
  return (
    db
      .selectFrom('entry')
      .select(['id', 'scope_id as scopeId', 'status', 'name'])
      .select(sql<string>`substr(content, 1, ${sql.lit(COMPARED_CHARACTERS)})`.as('content'))
      .where(
        column,
        'in',
        KEYS[order].map((name) => keys[name] ?? NO_KEY),
      )
      // In the order of the index: in a table that it knows nothing of yet, PostgreSQL would read all rows for a few.
      .orderBy(column)
      .limit(sql.lit(MOST_OF_A_SKETCH))
      .as(order)
  )
}

/** No sketch is negative. */
const NO_KEY = -1

function padded(keys: Readonly<Record<Order, readonly number[]>>): Record<string, number> {
  const padded: Record<string, number> = {}
  for (const order of ['a', 'b'] as const)
    for (const [place, name] of KEYS[order].entries()) padded[name] = keys[order][place] ?? NO_KEY
  return padded
}
