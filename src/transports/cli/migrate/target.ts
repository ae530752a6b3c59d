import { resolve } from 'node:path'
import type { Config } from '../../../config.ts'
import {
  type PostgresAddress,
  PostgresAddressError,
  readPostgresAddress,
  withoutPasswords,
} from '../../../domain/places/postgres-address.ts'
import { UsageError } from '../arguments/usage.ts'

/** The database that is moved to. */
export interface Target {
  /** The settings that lead to it, by variable. */
  readonly settings: Readonly<Record<string, string>>
  /** What a client needs to be set, of them and of what else they were read with: *** in place of a password. */
  readonly shown: (config: Config) => Readonly<Record<string, string>>
}

/** Reads what stands after --to. An address that is none is not repeated: it may hold a password. */
export function readTarget(text: string, cwd: string): Target {
  if (text.startsWith('sqlite:')) return sqliteTarget(text.slice('sqlite:'.length), cwd)
  if (isPostgresUrl(text)) return postgresTarget(text)
  throw new UsageError(
    'INVALID_PARAMETER',
    '--to is not the address of a database.',
    'Give postgresql://user:password@host:5432/database, with special signs percent-encoded (@ is %40, / is %2F), or sqlite:/path/memory.db.',
  )
}

function sqliteTarget(text: string, cwd: string): Target {
  const path = text.replace(/^\/\/(?=\/)/, '')
  if (path === '' || path.startsWith('//'))
    throw new UsageError(
      'INVALID_PARAMETER',
      '--to names no file.',
      'Give it as sqlite:/path/memory.db, or sqlite:memory.db for one in this folder.',
    )
  const settings = {
    AGENT_MEMORY_DB_TYPE: 'sqlite',
    AGENT_MEMORY_DB_PATH: path.startsWith('~/') ? path : resolve(cwd, path),
  }
  return { settings, shown: () => settings }
}

function postgresTarget(text: string): Target {
  const type = { AGENT_MEMORY_DB_TYPE: 'postgresql' }
  return {
    settings: { ...type, AGENT_MEMORY_PG_URL: text },
    shown: (config) => ({ ...type, AGENT_MEMORY_PG_URL: withoutPasswords(text), ...beside(text, config) }),
  }
}

/** The settings that stand beside an address and hold for it too. */
function beside(text: string, { postgres }: Config): Record<string, string> {
  const needsPassword = postgres.password !== undefined && addressOf(text)?.password === undefined
  return {
    ...(needsPassword ? { AGENT_MEMORY_PG_PASSWORD: '***' } : {}),
    ...(postgres.ssl ? { AGENT_MEMORY_PG_SSL: 'true' } : {}),
    ...(postgres.sslRejectUnauthorized ? {} : { AGENT_MEMORY_PG_SSL_REJECT_UNAUTHORIZED: 'false' }),
  }
}

/** Without the name of a database the operator would not see where everything goes. */
function isPostgresUrl(text: string): boolean {
  return addressOf(text)?.database !== undefined
}

function addressOf(text: string): PostgresAddress | undefined {
  try {
    return readPostgresAddress(text)
  } catch (error) {
    if (error instanceof PostgresAddressError) return undefined
    throw error
  }
}
