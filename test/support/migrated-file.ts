import { randomBytes, randomUUID } from 'node:crypto'
import { cpSync, mkdtempSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { inject } from 'vitest'

let migrated: Promise<string> | undefined

/**
 * Puts into the folder what the product makes at its first start, under an identity of its own: a copy of what this worker has
 * let it make once, for the migrations take longer than most tests.
 */
export async function copyMigratedFile(
  folder: string,
  migrate: (folder: string) => Promise<void>,
): Promise<void> {
  migrated ??= makeOnce(migrate)
  const from = await migrated
  cpSync(from, folder, { recursive: true })
  const [file] = readdirSync(folder).filter((name) => name.endsWith('.db'))
  if (file === undefined) throw new Error(`no database in ${from}`)
  const db = new DatabaseSync(join(folder, file))
  try {
    db.exec('pragma synchronous = off')
    const secret = randomBytes(32).toString('hex')
    db.prepare('update memory_identity set id = ?, secret = ?').run(randomUUID(), secret)
  } finally {
    db.close()
  }
}

async function makeOnce(migrate: (folder: string) => Promise<void>): Promise<string> {
  // It goes with the programs at the end of the run: a worker may be ended without notice.
  const folder = mkdtempSync(join(inject('programs'), 'migrated-'))
  await migrate(folder)
  return folder
}
