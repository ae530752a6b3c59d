import type { Conflict } from '../../domain/entries/conflict.ts'
import type { Entry } from '../../domain/entries/entry.ts'
import type { Relation } from '../../domain/entries/relation.ts'
import type { Tombstone } from '../../domain/entries/tombstone.ts'
import { SCOPE_TYPES, type Scope } from '../../domain/scope.ts'
import {
  TRANSFER_FORMAT,
  TRANSFER_VERSION,
  type TransferHeader,
  type TransferRecord,
} from '../../domain/transfer.ts'
import type { ScopedVote } from '../../domain/voting.ts'
import type { Reader } from '../../store/access.ts'
import { tombstonesAfter } from '../../store/entries/past/tombstones.ts'
import {
  conflictsAfter,
  countRecords,
  entriesAfter,
  findTurnCounter,
  type PastVersion,
  relationsAfter,
  scopesAfter,
  versionsAfter,
  votesAfter,
} from '../../store/transfer.ts'

const PAGE = 200
/** An entry may have many versions, and each is as large as an entry. */
const VERSIONS_PAGE = 20

/** The first line of the file. Says nothing of when and where: the same memory gives the same bytes. */
export async function exportHeader(db: Reader): Promise<TransferHeader> {
  const counts = await countRecords(db)
  return { kind: 'header', format: TRANSFER_FORMAT, format_version: TRANSFER_VERSION, counts }
}

/** Everything else, each after what it refers to, in the order of ids. Ask it of a snapshot. */
export async function* exportRecords(db: Reader): AsyncGenerator<TransferRecord> {
  yield* exportScopes(db)
  for await (const tombstone of paged<Tombstone>(PAGE, (last, limit) =>
    tombstonesAfter(db, last?.id ?? '', limit),
  ))
    yield { kind: 'tombstone', tombstone }
  yield* exportEntries(db)
  for await (const relation of paged<Relation>(PAGE, (last, limit) =>
    relationsAfter(db, last?.id ?? '', limit),
  ))
    yield { kind: 'relation', relation }
  for await (const conflict of paged<Conflict>(PAGE, (last, limit) =>
    conflictsAfter(db, last?.id ?? '', limit),
  ))
    yield { kind: 'conflict', conflict }
  for await (const vote of paged<ScopedVote>(PAGE, (last, limit) => votesAfter(db, last, limit)))
    yield { kind: 'vote', vote }
}

/** Parents first. */
async function* exportScopes(db: Reader): AsyncGenerator<TransferRecord> {
  for (const type of SCOPE_TYPES) {
    for await (const scope of paged<Scope>(PAGE, (last, limit) =>
      scopesAfter(db, type, last?.id ?? '', limit),
    )) {
      const sequence = type === 'session' ? await findTurnCounter(db, scope.id) : undefined
      yield { kind: 'scope', scope, ...(sequence && { sequence }) }
    }
  }
}

async function* exportEntries(db: Reader): AsyncGenerator<TransferRecord> {
  for await (const entry of paged<Entry>(PAGE, (last, limit) => entriesAfter(db, last?.id ?? '', limit))) {
    yield { kind: 'entry', entry }
    if (entry.version === 1) continue
    const versions = paged<PastVersion>(VERSIONS_PAGE, (last, limit) =>
      versionsAfter(db, entry.id, last?.entry.version ?? 0, limit),
    )
    for await (const version of versions) yield { kind: 'version', ...version }
  }
}

/** Rows one by one, read in pages. */
async function* paged<T>(
  size: number,
  read: (last: T | undefined, limit: number) => Promise<readonly T[]>,
): AsyncGenerator<T> {
  let last: T | undefined
  for (;;) {
    const page = await read(last, size)
    yield* page
    last = page.at(-1)
    if (page.length < size) return
  }
}
