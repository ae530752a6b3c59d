import { AppError } from '../../../domain/errors.ts'
import { GLOBAL_SCOPE_ID, type Scope } from '../../../domain/scope.ts'
import { canonicalJson } from '../../../domain/text/canonical-json.ts'
import type { RecordKind } from '../../../domain/transfer.ts'
import { scopeChain } from '../../../store/scopes/scopes.ts'
import type { WriteUnit } from '../../../store/store.ts'
import type { Caller } from '../../running/caller.ts'
import { badLine } from '../lines.ts'

/** What to do with a record that differs from the one here: stop, leave what is here, put the file's in its place, or the later one. */
export const ON_CONFLICT = ['refuse', 'keep', 'replace', 'newer'] as const
export type OnConflict = (typeof ON_CONFLICT)[number]

/** What became of one record. */
export type Outcome = 'added' | 'identical' | 'kept' | 'replaced'

interface ImportOptions {
  readonly unit: WriteUnit
  readonly caller: Caller
  readonly onConflict: OnConflict
  /** A record that differs at the version that is here was edited in the file: that is no conflict. */
  readonly mayBeEdited?: boolean
}

/** One import under way: what the records of a file share while they are applied inside one transaction. */
export class ImportRun {
  readonly unit: WriteUnit
  readonly caller: Caller
  /** Of scopes that are here under another id (same root, or same name in the same place): theirs to ours. */
  readonly scopeIds = new Map<string, string>()
  /** Entries of the file that are not taken, for one of that name is kept here. */
  readonly droppedEntries = new Set<string>()
  readonly onConflict: OnConflict
  readonly mayBeEdited: boolean
  readonly #chains = new Map<string, readonly Scope[]>()

  constructor({ unit, caller, onConflict, mayBeEdited = false }: ImportOptions) {
    this.unit = unit
    this.caller = caller
    this.onConflict = onConflict
    this.mayBeEdited = mayBeEdited
  }

  /** The id that a scope of the file has here. */
  scopeId(id: string | null): string {
    const given = id ?? GLOBAL_SCOPE_ID
    return this.scopeIds.get(given) ?? given
  }

  /** The chain of a scope of the file, nearest first. */
  async chain(id: string | null, line: number): Promise<readonly Scope[]> {
    const here = this.scopeId(id)
    const known = this.#chains.get(here)
    if (known) return known
    const chain = await scopeChain(this.unit.db, here)
    if (chain.length === 0) throw badLine(line, 'names a scope that is neither in the file nor here')
    this.#chains.set(here, chain)
    return chain
  }

  forgetChains(): void {
    this.#chains.clear()
  }

  /**
   * For a record that differs from the one here: true when the file's takes its place. Throws where the
   * caller did not choose.
   */
  replaces(line: number, clash: Omit<Clash, 'where'> & { readonly kind: RecordKind }): boolean {
    return takesPlace(this.onConflict, { ...clash, where: `Line ${line}`, details: { line } })
  }
}

/** Something of a file that is here already, and is another. */
export interface Clash {
  /** Begins the sentence: `Line 3`. */
  readonly where: string
  readonly kind: string
  readonly id: string
  readonly details?: Readonly<Record<string, unknown>>
  /** The record was deleted here. */
  readonly wasDeleted?: boolean
  /** When either was last written. */
  readonly here: string | null
  readonly given: string | null
}

/** True when the file's record takes the place of the one here. Throws where the caller did not choose. */
export function takesPlace(
  onConflict: OnConflict,
  { where, kind, id, details, wasDeleted = false, here, given }: Clash,
): boolean {
  if (onConflict === 'newer') return here !== null && given !== null && Date.parse(given) > Date.parse(here)
  if (onConflict !== 'refuse') return onConflict === 'replace'
  throw new AppError(
    'CONFLICT',
    wasDeleted
      ? `${where}: the ${kind} was deleted here, and has changed since where the file is from. Nothing was imported.`
      : `${where}: the ${kind} is here already, and differs. Nothing was imported.`,
    {
      details: { ...details, kind, id },
      suggestion: wasDeleted
        ? 'Import with --on-conflict keep to leave it deleted, replace to bring it back, or newer to take the later of the two.'
        : "Import with --on-conflict keep to leave what is here, replace to put the file's in its place, or newer to take the later one.",
    },
  )
}

export function isSame(here: unknown, given: unknown): boolean {
  return canonicalJson(here) === canonicalJson(given)
}

interface Versioned {
  readonly version: number
  readonly updated_at: string
}

/** Whether an import of the same file has made what is here: a later version with the same words. */
export function saysTheSame<T extends Versioned>(here: T, given: T): boolean {
  const { version, updated_at } = given
  return here.version > version && isSame({ ...here, version, updated_at }, given)
}
