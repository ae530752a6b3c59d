import { AppError } from '../../../domain/errors.ts'

/** More than any argument may be: the largest is a call's worth of entries. */
const MAX_BYTES = 64 * 1024 * 1024

/** All of stdin as one text. The newline at its end, which echo and editors add, is no part of it. */
export async function readText(stdin: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stdin) {
    const part = Buffer.from(chunk)
    bytes += part.length
    if (bytes > MAX_BYTES) throw new AppError('TOO_LARGE', `stdin holds more than ${MAX_BYTES} bytes.`)
    chunks.push(part)
  }
  return decode(Buffer.concat(chunks)).replace(/\r?\n$/, '')
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new AppError('INVALID_PARAMETER', 'stdin is not UTF-8 text.', {
      cause,
      suggestion: 'Convert it first, for example with iconv.',
    })
  }
}

/**
 * The text on stdin for a value. An empty one is refused: it comes from a program before the pipe that failed, and would
 * take the place of what is stored.
 */
export async function readValue(stdin: NodeJS.ReadableStream): Promise<string> {
  const text = await readText(stdin)
  if (text.trim() !== '') return text
  throw new AppError('MISSING_FIELD', 'stdin is empty, where a value was to be read from it.', {
    suggestion: 'Pipe the value in, or give it as an argument.',
  })
}
