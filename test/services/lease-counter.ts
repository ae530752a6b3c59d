import { readFileSync, writeFileSync } from 'node:fs'
import { openApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { callOperation, projectIn } from '../support/calls.ts'

// A program that counts up the number in a file, so many times, each time under the file's lock.

const [agentId = 'counter', file = '', times = '1'] = process.argv.slice(2)
const config = readConfig()
const app = await openApp(config)
const caller = { agentId, workspace: projectIn(config.dataDir) }
const call = (action: string, args: Record<string, unknown>) =>
  callOperation(app, { tool: 'memory_file_lock', action, args: { file_path: file, ...args } }, caller)

for (let n = 0; n < Number(times); n++) {
  const lock = await call('checkout', { wait_ms: 600_000 })
  const count = Number(readFileSync(file, 'utf8'))
  await new Promise((resolve) => setImmediate(resolve))
  writeFileSync(file, String(count + 1))
  process.stdout.write(`${String(lock['fencing_token'])}\n`)
  await call('checkin', {})
}
await app.close()
