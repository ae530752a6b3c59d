import { createHash } from 'node:crypto'
import { scriptText } from './script-text.ts'

/** A Lua script and the digest by which Redis knows it. */
export interface Script {
  readonly text: string
  readonly sha: string
}

/** The script in these files of `scripts/`, one after the other. Read once, at the first use of Redis. */
export function loadScript(...names: readonly string[]): Script {
  const text = names.map(scriptText).join('\n')
  return { text, sha: createHash('sha1').update(text).digest('hex') }
}
