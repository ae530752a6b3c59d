import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import { openApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { AppError } from '../../../src/domain/errors.ts'
import { callOperation } from '../../support/calls.ts'

// A process that writes until its disk is full: `filler.ts <data folder> [ballast]`. One line of JSON says how it went.

const [dataDir = '', ballast] = process.argv.slice(2)
const app = await openApp(readConfig({ AGENT_MEMORY_DATA_DIR: dataDir, AGENT_MEMORY_LOG_LEVEL: 'silent' }))
const acknowledged: string[] = []

const refused = await writeUntilRefused()
const readable = (await list()).length
const later = ballast === undefined ? undefined : await writeWithSpace(ballast)
await app.close()
process.stdout.write(`${JSON.stringify({ acknowledged, refused, readable, later })}\n`)

async function writeUntilRefused(): Promise<object> {
  if (ballast !== undefined) fill(ballast)
  for (let count = 0; count < 5000; count++) {
    const error = await add(`entry ${count}`)
    if (error) return error.toBody().error
  }
  throw new Error('the disk was never full')
}

/** Leaves a little: the first writes still go through. */
function fill(file: string): void {
  const { bavail, bsize } = statfsSync(dataDir)
  writeFileSync(file, Buffer.alloc(Math.max(0, bavail * bsize - 300_000)))
}

async function writeWithSpace(file: string): Promise<string> {
  rmSync(file)
  return (await add('after')) ? 'refused' : 'written'
}

async function add(name: string): Promise<AppError | undefined> {
  const args = { scope_type: 'global', name, content: `${name} `.repeat(400) }
  try {
    await callOperation(app, { tool: 'memory_knowledge', action: 'add', args }, {})
    acknowledged.push(name)
    return undefined
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}

async function list(): Promise<readonly unknown[]> {
  const args = { scope_type: 'global', limit: 100 }
  const { entries } = await callOperation(app, { tool: 'memory_knowledge', action: 'list', args }, {})
  return Array.isArray(entries) ? entries : []
}
