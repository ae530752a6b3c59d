import { asUtf8 } from './decode.ts'
import { cutLines, type Line } from './lines.ts'

/** Opens the file from its start; called once for each time that it is read. */
export type TransferSource = () => AsyncIterable<Uint8Array>

/** The lines that say something, in UTF-8: tools of Windows leave an empty one at the end. */
export async function* linesOf(source: TransferSource): AsyncGenerator<Line> {
  for await (const line of cutLines(asUtf8(source()))) if (!isBlank(line.bytes)) yield line
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x0d || byte === 0x20 || byte === 0x09)
}
