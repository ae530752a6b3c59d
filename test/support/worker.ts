import { flushCompileCache } from 'node:module'
import { createInterface } from 'node:readline'
import { openApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { AppError } from '../../src/domain/errors.ts'
import { callOperation, projectIn } from './calls.ts'

// The program behind process.ts: a JSON line in, a JSON line out. The first line out says that the App is open.

interface Request {
  readonly id: number
  readonly tool: string
  readonly action: string | null
  readonly args: Readonly<Record<string, unknown>>
  readonly agentId?: string
}

const config = readConfig()
const app = await openApp(config)
const workspace = projectIn(config.dataDir)
const running = new Map<number, AbortController>()
answer({ id: 0, result: {} })
// Most workers are killed, and then Node would not keep what it compiled.
setTimeout(flushCompileCache, 500).unref()

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line) as Request | { cancel: number }
  if ('cancel' in message) running.get(message.cancel)?.abort()
  else void run(message)
}
await app.close()

async function run({ id, tool, action, args, agentId }: Request): Promise<void> {
  const controller = new AbortController()
  running.set(id, controller)
  const caller = { agentId: agentId ?? process.argv[2] ?? 'worker', workspace, signal: controller.signal }
  try {
    answer({ id, result: await callOperation(app, { tool, action, args }, caller) })
  } catch (error) {
    const broken = { code: 'TEST', name: 'INTERNAL_ERROR', message: String(error) }
    const cause =
      error instanceof AppError && error.errorName === 'INTERNAL_ERROR' ? { cause: String(error.cause) } : {}
    answer({ id, error: error instanceof AppError ? { ...error.toBody().error, ...cause } : broken })
  } finally {
    running.delete(id)
  }
}

function answer(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
