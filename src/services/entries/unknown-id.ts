import type { Rights } from '../../domain/access/rights.ts'
import { AppError } from '../../domain/errors.ts'
import { beginningOfId } from '../../domain/ids.ts'
import type { Reader } from '../../store/access.ts'
import { conflictsFromId } from '../../store/entries/conflicts.ts'
import { entriesFromId } from '../../store/entries/entries.ts'
import { relationsFromId } from '../../store/entries/relations.ts'

const MOST_SHOWN = 5

interface Unknown {
  readonly id: string
  /** What was asked for: knowledge, say, or conflict or relation. */
  readonly type?: string
  readonly rights: Rights | undefined
}

/**
 * No entry, conflict or relation has the id. Where it is the beginning of one, those that begin so are named, never taken for what was meant; not where
 * callers have rights, since the answer would say what is there.
 */
export async function unknownId(db: Reader, { id, type = 'entry', rights }: Unknown): Promise<AppError> {
  const shown = id.length > LONGEST_SHOWN ? `${id.slice(0, LONGEST_SHOWN - 3)}...` : id
  const isKind = type === 'entry' || Object.hasOwn(OTHERS, type)
  const message = isKind ? `No ${type} has that id.` : `No ${type} has the id ${shown}.`
  const start = beginningOfId(id)
  if (start === undefined)
    return new AppError('NOT_FOUND', message, { details: { id: shown }, suggestion: NO_ID })
  const near = rights ? [] : await (OTHERS[type] ?? entriesFromId)(db, start, MOST_SHOWN + 1)
  const [only] = near
  if (!only) return new AppError('NOT_FOUND', message, { details: { id: shown } })
  const suggestion = near.length === 1 ? `The one that begins so: ${only.id}.` : SEVERAL
  return new AppError('NOT_FOUND', message, {
    details: { id: shown, nearest: near.slice(0, MOST_SHOWN) },
    suggestion: `Give an id whole. ${suggestion}`,
  })
}

type FromId = (db: Reader, start: string, limit: number) => Promise<readonly { readonly id: string }[]>

/** What is no entry. */
const OTHERS: Readonly<Record<string, FromId>> = { conflict: conflictsFromId, relation: relationsFromId }

const LONGEST_SHOWN = 64
const SEVERAL = 'Several begin so: details.nearest.'
const NO_ID =
  'An id looks like 01a229ef-6778-768a-bacc-e27cf344b231. A name goes into name, where the action has it; list or search finds the id.'
