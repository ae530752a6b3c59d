import { hash } from 'node:crypto'
import type { Reader } from '../access.ts'
import { pages, type Row } from './rows.ts'
import type { Step } from './steps.ts'

const BITS = 128
const HEX_DIGITS = BITS / 4

/** The sum of the hashes of rows: the same for the same rows, in whatever order they came. */
class Digest {
  #rows = 0
  #sum = 0n

  add(row: Row): void {
    const names = Object.keys(row).sort()
    const text = JSON.stringify(names.map((name) => [name, row[name]]))
    this.#rows++
    this.#sum = BigInt.asUintN(BITS, this.#sum + BigInt(`0x${hash('sha256', text).slice(0, HEX_DIGITS)}`))
  }

  get rows(): number {
    return this.#rows
  }

  toString(): string {
    return this.#sum.toString(16).padStart(HEX_DIGITS, '0')
  }
}

/** What the rows of these steps sum up to. Ask it of a snapshot; `onRows` hears of each page. */
export async function digestOf(
  db: Reader,
  steps: readonly Step[],
  onRows: (count: number) => void,
): Promise<{ readonly rows: number; readonly digest: string }> {
  const digest = new Digest()
  for (const step of steps) {
    for await (const rows of pages(db, step, undefined)) {
      for (const row of rows) digest.add(row)
      onRows(rows.length)
    }
  }
  return { rows: digest.rows, digest: digest.toString() }
}
