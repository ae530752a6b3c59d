import { AppError } from '../../domain/errors.ts'
import type { Reader, Writer } from '../access.ts'

/** A table that only the target of an unfinished move has. While it is there, no server starts on the database. */
export const MOVE_MARKER = 'unfinished_move'

/** What a move that goes on must know of the one before. */
export interface Marker {
  /** The name of the database that it comes from. */
  readonly source: string
  /** The end of the source's change log when the rows were read; -1 while they must be thrown away. */
  readonly position: number
}

type MarkerTable = { [MOVE_MARKER]: Marker }

export async function createMarker(db: Writer, marker: Marker): Promise<void> {
  await db.schema
    .createTable(MOVE_MARKER)
    .addColumn('source', 'text', (c) => c.primaryKey())
    .addColumn('position', 'bigint', (c) => c.notNull())
    .execute()
  await withMarker(db).insertInto(MOVE_MARKER).values(marker).execute()
}

export async function readMarker(db: Reader): Promise<Marker> {
  const row = await withMarker(db).selectFrom(MOVE_MARKER).selectAll().executeTakeFirstOrThrow()
  return { source: row.source, position: Number(row.position) }
}

export async function setMarker(db: Writer, position: number): Promise<void> {
  await withMarker(db).updateTable(MOVE_MARKER).set({ position }).execute()
}

export async function dropMarker(db: Writer): Promise<void> {
  await db.schema.dropTable(MOVE_MARKER).execute()
}

function withMarker(db: Reader) {
  return db.withTables<MarkerTable>()
}

/** How a server that finds the marker refuses to start. */
export function unfinishedMove(place: string): AppError {
  return new AppError(
    'MIGRATION_ERROR',
    `${place} is the target of a migration that has not finished: it holds only a part of the memory.`,
    {
      suggestion:
        'Run the same agent-memory migrate command again to finish it; until then use the database that it comes from.',
    },
  )
}
