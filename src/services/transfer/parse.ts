import type { z } from 'zod'
import { AppError } from '../../domain/errors.ts'
import {
  headerSchema,
  type RecordCounts,
  recordSchema,
  TRANSFER_FORMAT,
  TRANSFER_VERSION,
  type TransferRecord,
} from '../../domain/transfer.ts'
import type { EntryWords } from '../../store/entries/words.ts'
import { badLine, type Line } from './lines.ts'
import { linesOf, type TransferSource } from './source.ts'

/** A record and its line in the file. */
export interface Numbered<R = TransferRecord> {
  readonly line: number
  readonly record: R
  /** Of an entry, where it is cut into them already. */
  readonly words?: EntryWords
}

/** The record in a line, checked for itself. */
export function recordIn(line: Line): TransferRecord {
  return checked(recordSchema, parse(line), line.number)
}

/** How many records the file says it has. */
export async function readCount(source: TransferSource): Promise<number> {
  for await (const first of linesOf(source)) {
    return Object.values(readHeader(first)).reduce((sum, count) => sum + count, 0)
  }
  throw notAnExport()
}

export function readHeader(line: Line): RecordCounts {
  const given = headerOf(line)
  if (typeof given !== 'object' || given === null || !('format' in given) || given.format !== TRANSFER_FORMAT)
    throw notAnExport()
  if ('format_version' in given && Number(given.format_version) > TRANSFER_VERSION) {
    throw new AppError(
      'INVALID_PARAMETER',
      `The file has format version ${Number(given.format_version)}, this program reads up to ${TRANSFER_VERSION}.`,
      { suggestion: 'Update agent-memory on this machine. Nothing was imported.' },
    )
  }
  return checked(headerSchema, given, 1).counts
}

function headerOf(line: Line): unknown {
  try {
    return parse(line)
  } catch {
    throw notAnExport()
  }
}

function notAnExport(): AppError {
  return new AppError('INVALID_PARAMETER', 'Line 1 is not the first line of an agent-memory export.', {
    details: { line: 1 },
    suggestion:
      'Give a file that `agent-memory export` wrote, or say what it is with --from markdown or --from server-memory. What another program has in another form (JSON of ChatGPT, Claude or mem0, a table as CSV) comes in as Markdown: write each memory under a heading of its own. Nothing was imported.',
  })
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function parse({ number, bytes }: Line): unknown {
  try {
    return JSON.parse(decoder.decode(bytes))
  } catch {
    throw badLine(number, 'is not JSON in UTF-8, or is cut off')
  }
}

function checked<T>(schema: z.ZodType<T>, value: unknown, line: number): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const place = issue?.path.join('.')
  throw badLine(
    line,
    `does not fit: ${place ? `${place}: ` : ''}${issue?.message ?? 'not a record'}`.slice(0, 300),
  )
}
