import { RECORD_KINDS, type RecordCounts } from '../../../domain/transfer.ts'
import { badLine, type Line } from '../lines.ts'
import { type Numbered, readHeader } from '../parse.ts'
import { linesOf, type TransferSource } from '../source.ts'
import type { Preparation } from './preparation.ts'

const LINES_AT_ONCE = 100
const BYTES_AT_ONCE = 1_048_576

/** Checks each line for itself, and at the end that no record is missing; answers so many at a time were checked. */
export async function* checkedRecords(
  source: TransferSource,
  preparation: Preparation,
): AsyncGenerator<number> {
  for await (const kinds of readBatches(source, preparation, {
    work: (lines) => preparation.kindsOf(lines),
    kindOf: (kind) => kind,
  }))
    yield kinds.length
}

/** The records as they may be stored. A file may have changed since it was checked, so that is done again. */
export async function* preparedRecords(
  source: TransferSource,
  preparation: Preparation,
): AsyncGenerator<Numbered> {
  for await (const records of readBatches(source, preparation, {
    work: (lines) => preparation.recordsOf(lines),
    kindOf: ({ record }) => record.kind,
  }))
    yield* records
}

interface Reading<T> {
  readonly work: (lines: readonly Line[]) => Promise<readonly T[]>
  readonly kindOf: (made: T) => keyof RecordCounts
}

async function* readBatches<T>(
  source: TransferSource,
  { atOnce }: Preparation,
  { work, kindOf }: Reading<T>,
): AsyncGenerator<readonly T[]> {
  const lines = linesOf(source)
  try {
    const first = await lines.next()
    const expected = readHeader(first.done ? { number: 1, bytes: Buffer.alloc(0) } : first.value)
    const found = Object.fromEntries(RECORD_KINDS.map((kind) => [kind, 0])) as Record<
      keyof RecordCounts,
      number
    >
    const last = { line: 1 }
    for await (const made of inOrder(batchesOf(lines, last), work, atOnce)) {
      for (const each of made) found[kindOf(each)]++
      yield made
    }
    refuseMissing(found, expected, last.line)
  } finally {
    await lines.return(undefined)
  }
}

function refuseMissing(found: RecordCounts, expected: RecordCounts, line: number): void {
  for (const kind of RECORD_KINDS) {
    if (found[kind] === expected[kind]) continue
    throw badLine(
      line,
      `is the last one, and the file holds ${found[kind]} of ${expected[kind]} ${kind} records`,
    )
  }
}

async function* batchesOf(lines: AsyncIterable<Line>, last: { line: number }): AsyncGenerator<Line[]> {
  let batch: Line[] = []
  let bytes = 0
  try {
    for await (const line of lines) {
      last.line = line.number
      batch.push(line)
      bytes += line.bytes.length
      if (batch.length < LINES_AT_ONCE && bytes < BYTES_AT_ONCE) continue
      yield batch
      batch = []
      bytes = 0
    }
  } catch (error) {
    // What is wrong in a line before is told first.
    if (batch.length > 0) yield batch
    throw error
  }
  if (batch.length > 0) yield batch
}

/** What comes of each batch, in order, so many under way at once. */
async function* inOrder<T, R>(
  batches: AsyncGenerator<T>,
  work: (batch: T) => Promise<R>,
  atOnce: number,
): AsyncGenerator<R> {
  const underWay: Promise<R>[] = []
  let ended: Promise<never> | true | undefined
  for (;;) {
    while (ended === undefined && underWay.length < atOnce) {
      try {
        const next = await batches.next()
        if (next.done) ended = true
        else underWay.push(quiet(work(next.value)))
      } catch (error) {
        // What is wrong in a line before is told first.
        ended = quiet(Promise.reject(error))
      }
    }
    const first = underWay.shift()
    if (first) yield await first
    else return void (await ended)
  }
}

/** It is waited for in its turn, or no more after an error before it. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}
