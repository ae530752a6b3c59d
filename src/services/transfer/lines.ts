import { AppError } from '../../domain/errors.ts'

/** No record that export writes is near this. */
const MAX_LINE_BYTES = 64 * 1024 * 1024
const NEWLINE = 0x0a

export interface Line {
  /** From 1. */
  readonly number: number
  readonly bytes: Buffer
}

/** Cuts a stream of bytes into lines; the last one may lack its newline. */
export async function* cutLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let number = 1
  let kept: Buffer[] = []
  let size = 0
  for await (const chunk of chunks) {
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    for (let end = rest.indexOf(NEWLINE); end !== -1; end = rest.indexOf(NEWLINE)) {
      yield { number: number++, bytes: joined(kept, rest.subarray(0, end)) }
      rest = rest.subarray(end + 1)
      kept = []
      size = 0
    }
    size += rest.length
    if (size > MAX_LINE_BYTES) throw badLine(number, `is longer than ${MAX_LINE_BYTES} bytes`)
    if (rest.length > 0) kept.push(Buffer.from(rest))
  }
  if (kept.length > 0) yield { number, bytes: joined(kept, Buffer.alloc(0)) }
}

/** A file that is refused because of this line; the problem is the end of a sentence. */
export function badLine(number: number, problem: string, suggestion = BAD_FILE): AppError {
  return new AppError('INVALID_PARAMETER', `Line ${number} ${problem}. Nothing was imported.`, {
    details: { line: number },
    suggestion,
  })
}

const BAD_FILE = 'Export again; a file that was cut or edited by hand is not taken.'

function joined(kept: readonly Buffer[], last: Buffer): Buffer {
  return kept.length === 0 ? last : Buffer.concat([...kept, last])
}
