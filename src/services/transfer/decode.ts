import { badLine } from './lines.ts'

const MARKS = [
  { encoding: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
  { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
] as const

/** The same text in UTF-8 without a byte order mark: Windows' shells write UTF-16, its editors set the mark. */
export async function* asUtf8(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const rest = chunks[Symbol.asyncIterator]()
  try {
    const start = await firstBytes(rest)
    const { encoding, mark } = encodingOf(start)
    const body = joined(start.subarray(mark), rest)
    if (encoding === 'utf-8') yield* body
    else yield* recoded(body, encoding)
  } finally {
    await rest.return?.()
  }
}

/** As much as tells the encoding, or all of a file that is shorter. */
async function firstBytes(rest: AsyncIterator<Uint8Array>): Promise<Buffer> {
  let start = Buffer.alloc(0)
  while (start.length < 3) {
    const next = await rest.next()
    if (next.done) break
    start = Buffer.concat([start, next.value])
  }
  return start
}

/** Without a mark: a text begins with a letter of ASCII, of which UTF-16 writes one byte as 0. */
function encodingOf(start: Buffer): { encoding: 'utf-8' | 'utf-16le' | 'utf-16be'; mark: number } {
  for (const { encoding, bytes } of MARKS)
    if (bytes.every((byte, at) => start[at] === byte)) return { encoding, mark: bytes.length }
  if (start[0] === 0 && start[1]) return { encoding: 'utf-16be', mark: 0 }
  if (start[0] && start[1] === 0) return { encoding: 'utf-16le', mark: 0 }
  return { encoding: 'utf-8', mark: 0 }
}

async function* joined(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (first.length > 0) yield first
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
}

async function* recoded(chunks: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true })
  let line = 1
  const decoded = (chunk?: Uint8Array): Buffer => {
    try {
      return Buffer.from(chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode())
    } catch {
      throw badLine(line, `or one after it is not ${encoding.toUpperCase()}, or is cut off`)
    }
  }
  for await (const chunk of chunks) {
    const text = decoded(chunk)
    yield text
    line += text.filter((byte) => byte === NEWLINE).length
  }
  yield decoded()
}

const NEWLINE = 0x0a
