import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../../domain/errors.ts'
import { homeFolder } from '../../../domain/places/home-folder.ts'
import { endpointText, type PostgresEndpoint, type PostgresSettings, targetOf } from './address.ts'

/** The password for that server, asked for only when the server wants one. Throws where there is none. */
export function passwordFor(settings: PostgresSettings, endpoint: PostgresEndpoint): string {
  const { password, database, user } = targetOf(settings)
  if (password !== undefined) return password
  const path = settings.passwordFile ?? join(homeFolder(), '.pgpass')
  const found = readFile(path)
  const fields = [hostsIn(endpoint), [String(endpoint.port)], [database], [user]]
  const line = found.lines.map(fieldsOf).find((given) => fits(given, fields))
  const given = line?.[4]
  if (given !== undefined) return given
  throw new AppError(
    'DATABASE_ERROR',
    `PostgreSQL asks for a password, and none is given (${endpointText(endpoint)}/${database}).`,
    { suggestion: `Set AGENT_MEMORY_PG_PASSWORD.${found.isTooOpen ? ` ${tooOpen(path)}` : ''}` },
  )
}

function tooOpen(path: string): string {
  return `${path} is not used, since others can read it: chmod 600 ${path}.`
}

/** libpq calls every socket localhost too. */
function hostsIn({ host }: PostgresEndpoint): string[] {
  return host.startsWith('/') ? [host, 'localhost'] : [host]
}

function readFile(path: string): { readonly lines: readonly string[]; readonly isTooOpen: boolean } {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats?.isFile()) return { lines: [], isTooOpen: false }
  if (process.platform !== 'win32' && (stats.mode & 0o077) !== 0) return { lines: [], isTooOpen: true }
  const lines = readFileSync(path, 'utf8').split(/\r?\n/)
  return { lines: lines.filter((line) => line !== '' && !line.startsWith('#')), isTooOpen: false }
}

/** Parted by colons; a backslash takes the next sign as it is. The password is all that follows the fourth. */
function fieldsOf(line: string): string[] {
  const parts = [...line.matchAll(/((?:\\.|[^:\\])*)(?::|$)/g)].map(([, part = '']) => part)
  return parts.slice(0, 5).map((part) => part.replaceAll(/\\(.)/g, '$1'))
}

function fits(given: readonly string[], fields: readonly (readonly string[])[]): boolean {
  return fields.every((allowed, n) => given[n] === '*' || allowed.includes(given[n] ?? ''))
}
