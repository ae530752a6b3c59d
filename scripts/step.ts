import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Runs a script of ours or of a package with this Node, its output on ours. Answers whether it ended with 0. */
export async function runStep(root: string, [script = '', ...args]: readonly string[]): Promise<boolean> {
  const own = join(root, script)
  const file = existsSync(own) ? own : join(root, 'node_modules', script)
  const child = spawn(process.execPath, [file, ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const [code] = await once(child, 'close')
  return code === 0
}
