import type { Entry } from '../../../domain/entries/entry.ts'
import { changedFields, pick } from '../../../domain/entries/merge.ts'
import type { Reader } from '../../../store/access.ts'
import { listRevisions } from '../../../store/entries/past/revisions.ts'

/** Most clashes are with one of the latest versions. */
const STEP = 20

/** The agent that gave a field its present value. */
export interface FieldWriter {
  readonly field: string
  readonly agentId: string
  /** When, in ISO 8601. */
  readonly at: string
}

/** The last writers of these fields, the latest first. What was written before the newest version that `isSeen` is left out. */
export async function lastWriters(
  db: Reader,
  current: Entry,
  { fields, isSeen }: { fields: readonly string[]; isSeen: (version: Entry) => boolean },
): Promise<FieldWriter[]> {
  const writers: FieldWriter[] = []
  let open = fields
  let version = current
  for await (const before of versionsBack(db, current)) {
    const changed = changedFields(before, pick(version, open))
    writers.push(...changed.map(writtenIn(version)))
    open = open.filter((field) => !changed.includes(field))
    if (open.length === 0 || isSeen(before)) return writers
    version = before
  }
  return [...writers, ...open.map(writtenIn(version))]
}

function writtenIn({ updated_by: agentId, updated_at: at }: Entry) {
  return (field: string): FieldWriter => ({ field, agentId, at })
}

/** The versions before this one, newest first. */
export async function* versionsBack(db: Reader, { id, version }: Entry): AsyncGenerator<Entry> {
  let beforeVersion = version
  for (;;) {
    const page = await listRevisions(db, id, { beforeVersion, limit: STEP })
    yield* page
    if (page.length < STEP) return
    beforeVersion = page.at(-1)?.version ?? 0
  }
}
