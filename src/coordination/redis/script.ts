import { createHash } from 'node:crypto'
import { scriptText } from './script-text.ts'

/** Where Redis speaks of a line of the script. */
const PLACE = /\buser_script: ?(\d+)/g

/** A Lua script, made of files of `scripts/`, and the digest by which Redis knows it. */
export class Script {
  readonly text: string
  readonly sha: string
  readonly #names: readonly string[]
  readonly #texts: readonly string[]

  constructor(files: readonly (readonly [name: string, text: string])[]) {
    this.#names = files.map(([name]) => name)
    this.#texts = files.map(([, text]) => text)
    this.text = this.#texts.join('\n')
    this.sha = createHash('sha1').update(this.text).digest('hex')
  }

  /** An error of Redis, with the file and its line in the place of the line of the whole. */
  located(error: unknown): unknown {
    if (error instanceof Error)
      error.message = error.message.replaceAll(PLACE, (_, line) => this.#placeOf(Number(line)))
    return error
  }

  #placeOf(line: number): string {
    let left = line
    for (const [at, text] of this.#texts.entries()) {
      const lines = text.split('\n').length
      if (left <= lines) return `${this.#names[at]}.lua:${left}`
      left -= lines
    }
    return `line ${line}`
  }
}

/** The script in these files of `scripts/`, one after the other. Read once, at the first use of Redis. */
export function loadScript(...names: readonly string[]): Script {
  return new Script(names.map((name) => [name, scriptText(name)]))
}
