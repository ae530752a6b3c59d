import { accessSync, constants, existsSync, type Stats, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Finding } from '../../../../domain/places/database-file.ts'
import { nearestExisting, networkFileSystem } from '../file-system.ts'

const MB = 1024 * 1024
/** A start, and some writes. */
const LEAST_FREE = 10 * MB
const COMFORTABLE_FREE = 200 * MB

/** The folder, the disk and the rights of a database file, whether or not it exists yet. */
export function checkPlace(path: string): Finding[] {
  const folder = dirname(path)
  const place = nearestExisting(folder)
  if (!statSync(place).isDirectory()) {
    const mend = 'Set AGENT_MEMORY_DATA_DIR to a folder, or move the file away.'
    return [{ check: 'Data folder', level: 'broken', text: `${place} is not a folder.`, mend }]
  }
  return [checkFolder(folder, place), checkFileSystem(path), checkSpace(place), ...checkRights(path, folder)]
}

function checkFolder(folder: string, place: string): Finding {
  const check = 'Data folder'
  if (!isAllowed(place, constants.W_OK | constants.X_OK)) {
    const mend = `Give this user the right to write there (chown or chmod u+rwx "${place}"), or set AGENT_MEMORY_DATA_DIR.`
    return { check, level: 'broken', text: `${place} cannot be written to by this user.`, mend }
  }
  const text = existsSync(folder) ? folder : `${folder} does not exist yet; the first start makes it.`
  return { check, level: 'ok', text }
}

function checkFileSystem(path: string): Finding {
  const check = 'File system'
  const name = networkFileSystem(path)
  if (name === undefined) return { check, level: 'ok', text: 'Local.' }
  const mend = 'Set AGENT_MEMORY_DATA_DIR to a folder on a local disk.'
  return {
    check,
    level: 'broken',
    text: `${name} is a network file system: SQLite's locks do not hold there.`,
    mend,
  }
}

function checkSpace(place: string): Finding {
  const { bavail, bsize } = statfsSync(place)
  const free = bavail * bsize
  const text = `${megabytes(free)} free.`
  if (free >= COMFORTABLE_FREE) return { check: 'Disk space', level: 'ok', text }
  const level = free < LEAST_FREE ? 'broken' : 'warning'
  return { check: 'Disk space', level, text: `Only ${text}`, mend: 'Free some space on that disk.' }
}

function checkRights(path: string, folder: string): Finding[] {
  if (!existsSync(path)) return []
  const check = 'Rights'
  if (!isAllowed(path, constants.R_OK | constants.W_OK)) {
    const mend = `Give this user the right to read and write it: chown or chmod u+rw "${path}".`
    return [{ check, level: 'broken', text: `${path} cannot be read and written by this user.`, mend }]
  }
  const open = [folder, path].filter((file) => isOpenToOthers(statSync(file)))
  if (open.length === 0)
    return [{ check, level: 'ok', text: 'Only the owner can read and change the database.' }]
  const text = `Other users of this machine can read or change ${open.join(' and ')}.`
  return [{ check, level: 'warning', text, mend: 'agent-memory doctor --mend takes that right away.' }]
}

/** Of a folder only the right to write counts: what is in it has rights of its own. */
export function isOpenToOthers(stats: Stats): boolean {
  if (process.platform === 'win32') return false
  return (stats.mode & (stats.isDirectory() ? 0o022 : 0o077)) !== 0
}

function isAllowed(path: string, mode: number): boolean {
  try {
    accessSync(path, mode)
    return true
  } catch {
    return false
  }
}

export function megabytes(bytes: number): string {
  return bytes >= 1024 * MB ? `${(bytes / 1024 / MB).toFixed(1)} GB` : `${(bytes / MB).toFixed(1)} MB`
}
