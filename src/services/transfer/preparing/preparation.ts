import type { TransferRecord } from '../../../domain/transfer.ts'
import { wordsOf } from '../../../store/entries/words.ts'
import type { SecretGuard } from '../../secrets/secret-guard.ts'
import type { Line } from '../lines.ts'
import { type Numbered, recordIn } from '../parse.ts'

/** Makes records of the lines of a file, in this thread (below) or in others (threads.ts). */
export interface Preparation {
  /** So many batches are under way at once. */
  readonly atOnce: number
  /** Checks each line for itself; answers what the lines hold. */
  kindsOf(lines: readonly Line[]): Promise<readonly Kind[]>
  /** The records as they may be stored. */
  recordsOf(lines: readonly Line[]): Promise<readonly Numbered[]>
  close(): Promise<void>
}

type Kind = TransferRecord['kind']

/** The words are left to whoever adds an entry: that is done while the database is at work, and not for what is here already. */
export function preparationHere(secrets: SecretGuard): Preparation {
  return {
    atOnce: 1,
    kindsOf: async (lines) => kindsIn(lines),
    recordsOf: (lines) => admitted(lines, secrets),
    close: async () => {},
  }
}

export function kindsIn(lines: readonly Line[]): Kind[] {
  return lines.map((line) => recordIn(line).kind)
}

export async function admitted(lines: readonly Line[], secrets: SecretGuard): Promise<Numbered[]> {
  const records: Numbered[] = []
  for (const line of lines) {
    const { value: record } = await secrets.admit(recordIn(line), `Line ${line.number}: `)
    records.push({ line: line.number, record })
  }
  return records
}

export function withWords(numbered: Numbered): Numbered {
  const { record } = numbered
  return record.kind === 'entry' ? { ...numbered, words: wordsOf(record.entry) } : numbered
}
