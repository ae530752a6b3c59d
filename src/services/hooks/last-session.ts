import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { visibleText } from '../../domain/text/visible-text.ts'
import { makeFolder } from '../../make-folder.ts'
import { digest } from './session-memory.ts'

/** What the session that ended last in a project leaves to the next one. */
interface LastSession {
  readonly agentId: string
  readonly endedAt: string
  readonly files: readonly string[]
}

const MOST_FILES = 8

/** A session that edited nothing leaves nothing. Trouble with the file is as if there were none. */
export function leaveWord(folder: string, root: string, { agentId, endedAt, files }: LastSession): void {
  if (files.length === 0) return
  const names = files.slice(0, MOST_FILES + 1).map((path) => relative(root, path))
  try {
    makeFolder(folder)
    writeFileSync(fileOf(folder, root), JSON.stringify({ agentId, endedAt, files: names }), { mode: 0o600 })
  } catch {
    // Then the next session hears nothing of it.
  }
}

/** For the model of the next session, once: what of that one's work may be worth storing. */
export function offerOfLast(folder: string, root: string): string | undefined {
  try {
    const file = fileOf(folder, root)
    const { agentId, endedAt, files } = JSON.parse(readFileSync(file, 'utf8')) as LastSession
    rmSync(file)
    const shown = files.slice(0, MOST_FILES).map((name) => JSON.stringify(visibleText(name)))
    const more = files.length > MOST_FILES ? ' and more' : ''
    return [
      `The last session here (${visibleText(agentId)}, ended ${endedAt}) edited ${shown.join(', ')}${more}.`,
      'If it decided or learned something that the next ones need and that is not stored yet, offer the user to store it (memory_guideline, memory_knowledge).',
    ].join(' ')
  } catch {
    return undefined
  }
}

function fileOf(folder: string, root: string): string {
  return join(folder, `last-${digest(root).slice(0, 32)}.json`)
}
