import { debianProgram } from '../test/support/debian-program.ts'
import { Pooler } from '../test/support/poolers.ts'
import { PostgresServer } from '../test/support/postgres-server.ts'
import type { Topology } from './plan.ts'

/** A commit that was answered must outlive a crash of the server. */
const SETTINGS = { synchronous_commit: 'on' }

export interface Databases {
  readonly postgres?: PostgresServer
  readonly standby?: PostgresServer
  readonly pooler?: Pooler
}

/** PostgreSQL, and what stands beside or before it. */
export async function openDatabases({
  topology,
  hasStandby = false,
}: {
  readonly topology: Topology
  readonly hasStandby?: boolean
}): Promise<Databases> {
  const postgres = await PostgresServer.start({ settings: SETTINGS })
  if (hasStandby)
    return { postgres, standby: await PostgresServer.start({ standbyOf: postgres, settings: SETTINGS }) }
  if (topology !== 'pooler-redis') return { postgres }
  const binary = debianProgram('pgbouncer', 'pgbouncer')
  if (binary === undefined) throw new Error('pooler-redis needs pgbouncer')
  const lines = [
    'pool_mode = transaction',
    'server_login_retry = 1',
    'default_pool_size = 40',
    'max_client_conn = 400',
  ]
  return { postgres, pooler: await Pooler.pgbouncer(binary, postgres, lines) }
}

/** With the standby, where there is one, for an instance that finds the first one gone. */
export function addressOf({ postgres, standby, pooler }: Databases): string | undefined {
  if (pooler) return `postgresql://postgres@127.0.0.1:${pooler.port}/postgres`
  if (!standby) return postgres?.url()
  return `postgresql://postgres@127.0.0.1:${postgres?.port},127.0.0.1:${standby.port}/postgres`
}
