import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Runs a script of ours or of a package with this Node. Answers whether it ended with 0, and all that it printed. */
export async function runStep(
  root: string,
  [script = '', ...args]: readonly string[],
): Promise<{ succeeded: boolean; output: string }> {
  const own = join(root, script)
  const file = existsSync(own) ? own : join(root, 'node_modules', script)
  const child = spawn(process.execPath, [file, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
  const [code] = await once(child, 'close')
  return { succeeded: code === 0, output: Buffer.concat(chunks).toString() }
}
