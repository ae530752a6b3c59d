import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'

const BYTES = 40

export interface Count {
  readonly value: number
  readonly token: number
}

/** What a lock protects: a number in a file, with the token of its writer. Both steps are one call of the system. */
export class Counter {
  readonly #file: string

  constructor(folder: string, path: string) {
    this.#file = join(folder, path.replaceAll('/', '_'))
  }

  read(): Count {
    const file = openSync(this.#file, 'a+')
    try {
      const bytes = Buffer.alloc(BYTES)
      const length = readSync(file, bytes, 0, BYTES, 0)
      const [value = 0, token = 0] = bytes.toString('latin1', 0, length).trim().split(' ').map(Number)
      return { value, token }
    } finally {
      closeSync(file)
    }
  }

  write({ value, token }: Count): void {
    const file = openSync(this.#file, 'r+')
    try {
      writeSync(file, `${value} ${token}`.padEnd(BYTES), 0)
    } finally {
      closeSync(file)
    }
  }
}
