import { flushCompileCache } from 'node:module'
import { createInterface } from 'node:readline'
import type { Patience } from '../../src/app/coordination.ts'
import { openApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { AppError } from '../../src/domain/errors.ts'
import { forgetSecrets } from '../../src/domain/text/secrets.ts'
import type { Instance } from '../../src/operations/instance.ts'
import { callOperation, projectIn } from './calls.ts'

// The program behind process.ts: a JSON line in, a JSON line out. It opens an App when it is told to, and may be told again
// after it has closed that one.

interface Open {
  readonly settings: Readonly<Record<string, string>>
  readonly agentId: string
  readonly patience: Patience
}

interface Request {
  readonly id: number
  readonly tool: string
  readonly action: string | null
  readonly args: Readonly<Record<string, unknown>>
  readonly agentId?: string
}

type Message = { id: number; open: Open } | { id: number; close: true } | { cancel: number } | Request

let current: { readonly app: Instance; readonly agentId: string } | undefined
const running = new Map<number, AbortController>()
// Most workers are killed, and then Node would not keep what it compiled.
setTimeout(flushCompileCache, 500).unref()

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line) as Message
  if ('cancel' in message) running.get(message.cancel)?.abort()
  else if ('open' in message) await open(message.open).then(() => answer({ id: message.id, result: {} }))
  else if ('close' in message) await close().then(() => answer({ id: message.id, result: {} }))
  else void run(message)
}
await close()

async function open({ settings, agentId, patience }: Open): Promise<void> {
  current = { app: await openApp(readConfig(settings), patience), agentId }
}

async function close(): Promise<void> {
  await current?.app.close()
  current = undefined
  forgetSecrets()
}

async function run({ id, tool, action, args, agentId }: Request): Promise<void> {
  const controller = new AbortController()
  running.set(id, controller)
  try {
    if (current === undefined) throw new Error('no App is open')
    const { app } = current
    const workspace = projectIn(app.config.dataDir)
    const caller = { agentId: agentId ?? current.agentId, workspace, signal: controller.signal }
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
