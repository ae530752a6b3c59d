import { join } from 'node:path'
import type { Coordination, Patience } from './app/coordination.ts'
import { openCoordination } from './app/open-coordination.ts'
import type { Config } from './config.ts'
import { systemClock } from './domain/clock.ts'
import { AppError } from './domain/errors.ts'
import { newId } from './domain/ids.ts'
import type { DatabaseCheck, DatabaseFile } from './domain/places/database-file.ts'
import type { Instance } from './operations/instance.ts'
import type { Pipeline } from './operations/run.ts'
import { Permissions } from './services/access/permissions.ts'
import { Places } from './services/access/places.ts'
import { Sight } from './services/access/sight.ts'
import { Arrivals } from './services/agents/arrivals.ts'
import { Notices } from './services/agents/notices.ts'
import { Presence } from './services/agents/presence.ts'
import { Refusals } from './services/agents/refusals.ts'
import { Audit } from './services/audit/audit.ts'
import { Sealer } from './services/audit/sealer.ts'
import { CachedReads } from './services/cached-reads.ts'
import { Embedder } from './services/embeddings/embedder.ts'
import { Embeddings } from './services/embeddings/embeddings.ts'
import type { EmbeddingModel } from './services/embeddings/model.ts'
import { Conflicts } from './services/entries/conflicts/conflicts.ts'
import { Consolidation } from './services/entries/consolidation.ts'
import { Entries } from './services/entries/entries.ts'
import { EntryReads } from './services/entries/entry-reads.ts'
import { Relations } from './services/entries/relations.ts'
import { Tags } from './services/entries/tags.ts'
import { EntryWrites } from './services/entries/writes.ts'
import { Events } from './services/events.ts'
import { HookRules } from './services/hooks/hook-rules.ts'
import { type HookSettings, Hooks } from './services/hooks/hooks.ts'
import { Leases } from './services/leases/leases.ts'
import { Move } from './services/move/move.ts'
import { Contexts } from './services/reading/contexts.ts'
import { Search } from './services/reading/search.ts'
import { Situations } from './services/reading/situations.ts'
import { admission } from './services/running/admission.ts'
import { Announcement } from './services/running/announcement.ts'
import { AnsweredCalls } from './services/running/answered-calls.ts'
import { ApiKeys } from './services/running/api-keys.ts'
import { Health } from './services/running/health.ts'

import { cacheProbe, databaseProbe, searchProbe } from './services/running/probes.ts'
import { Rebuild } from './services/running/rebuild.ts'
import type { Services } from './services/running/services.ts'
import { WholeAnswers } from './services/running/whole-answers.ts'
import { ProjectMoves } from './services/scopes/move.ts'
import { Scopes } from './services/scopes/scopes.ts'
import { Sessions } from './services/scopes/sessions.ts'
import { ScopeWrites } from './services/scopes/writes.ts'
import { SecretGuard } from './services/secrets/secret-guard.ts'
import { Drafts } from './services/transfer/drafts/drafts.ts'
import { Transfer } from './services/transfer/transfer.ts'
import { Votes } from './services/votes.ts'
import type { Database } from './store/database.ts'
import type { MoveEnd, MoveTarget } from './store/move/end.ts'
import { Store } from './store/store.ts'
import { callLogger, createLog } from './transports/log.ts'
import { VERSION } from './version.ts'

/** Opens the stores and builds the services. The only place that knows every folder. */
export async function openApp(config: Config, patience: Patience = {}): Promise<Instance> {
  const instanceId = newId()
  const machineClock = systemClock
  const database = await openDatabase(config)
  const { clock } = database
  const store = new Store(database, instanceId)
  const log = createLog(config.logLevel)
  const parts = { store, config, clock: machineClock, instanceId, log, patience }
  const coordination = await openCoordination(parts).catch(async (error: unknown) => {
    await store.close()
    throw error
  })
  const { cache, bus, leaseStore } = coordination
  const reads = new CachedReads(store, cache)
  const scopes = new Scopes(store, reads, clock)
  const permissions = new Permissions(store, { reads, clock })
  const entryReads = new EntryReads(reads, clock)
  const places = new Places(store, { reads, entries: entryReads, scopes })
  const sight = new Sight(places, permissions)
  const shutdown = new AbortController()
  const refusals = new Refusals(store, clock)
  const onWanted = refusals.lockWanted.bind(refusals)
  const leases = new Leases(leaseStore, {
    clock,
    settings: { ...config.locks, onWanted },
    sight,
  })
  const notices = new Notices(store, { leases: leaseStore, sight, clock: machineClock })
  const entryWrites = new EntryWrites(store, scopes, clock)
  const announcement = new Announcement(store, VERSION)
  const secrets = new SecretGuard(config.secrets)
  const rebuild = new Rebuild(store, shutdown.signal)
  const embeddings = new Embeddings(store, {
    kind: config.embeddings.kind,
    model: await openModel(config),
    clock,
    waitMs: config.embeddings.waitMs,
  })
  const embedder = new Embedder(store, { embeddings, clock, instanceId, shutdown: shutdown.signal })
  const probes = {
    database: databaseProbe(store),
    ...coordination.probes,
    cache: cacheProbe(cache),
    search: searchProbe(store, embeddings),
  }
  const conflicts = new Conflicts(store, { scopes, entryWrites, sight, clock })
  const contexts = new Contexts(reads, {
    scopes,
    searchIndex: database.searchIndex,
    clock,
    embeddings,
    situations: new Situations(store, { conflicts, leases, clock }),
  })
  const rules = new HookRules(reads, { scopes, clock })
  const arrivals = new Arrivals(store, { scopes, clock })
  const audit = new Audit(store)
  const sealer = new Sealer(store, audit)
  const services: Services = {
    scopes,
    scopeWrites: new ScopeWrites(store, scopes, clock),
    projectMoves: new ProjectMoves(store, clock),
    sessions: new Sessions(store, scopes, clock),
    entries: new Entries(store, { reads: entryReads, scopes, sight, clock }),
    entryWrites,
    tags: new Tags(store, scopes),
    relations: new Relations(store, { clock, sight }),
    consolidation: new Consolidation(store, { scopes, entryWrites, clock }),
    conflicts,
    votes: new Votes(store, { scopes, sight, clock }),
    leases,
    events: new Events(store, {
      scopes,
      sight,
      bus,
      shutdown: shutdown.signal,
      originOf: coordination.originOf,
    }),
    health: new Health({ version: VERSION, instanceId }, { probes, clock: machineClock }),
    contexts,
    search: new Search(store, { reads, scopes, searchIndex: database.searchIndex, clock, embeddings }),
    embeddings,
    transfer: new Transfer(store, secrets),
    apiKeys: new ApiKeys(store, { reads, clock, permissions }),
    permissions,
    places,
    answeredCalls: new AnsweredCalls(store, clock, instanceId),
    wholeAnswers: new WholeAnswers(cache),
    drafts: new Drafts(store, { scopes, secrets, clock }),
    hooks: new Hooks({
      ...{ leases, contexts, rules, arrivals, notices, refusals, clock },
      settings: hookSettings(config),
    }),
    arrivals,
    notices,
    audit,
    refusals,
    presence: new Presence(store, { scopes, leases: leaseStore, sight, clock }),
  }
  const never = new AbortController().signal
  return {
    config,
    instanceId,
    services,
    pipeline: {
      now: () => clock.now(),
      record: callLogger(log),
      permissions: config.permissionsMode ?? 'keyed',
      secrets,
      ...admissionOf(coordination, config),
    },
    context: (caller, call = {}) => ({
      ...services,
      caller,
      signal: never,
      progress: () => {},
      isStrict: false,
      isTold: false,
      mostWaitMs: Infinity,
      granted: () => {},
      ...call,
    }),
    announce() {
      rebuild.start()
      sealer.start()
      embedder.start()
      if (config.dbType === 'postgresql' || config.redis.enabled) announcement.up()
    },
    async close() {
      shutdown.abort()
      await coordination.close(
        Promise.all([
          leases.close(),
          arrivals.close(),
          refusals.close(),
          announcement.down(),
          rebuild.end(),
          embedder.end(),
        ]),
      )
      await embeddings.model?.close?.()
      await sealer.close()
      await store.close()
    },
  }
}

/** Loaded only where one is asked for. */
async function openModel({ embeddings, dataDir }: Config): Promise<EmbeddingModel | null> {
  if (embeddings.kind === 'openai') {
    const { OpenAiModel } = await import('./services/embeddings/openai.ts')
    return new OpenAiModel(embeddings)
  }
  if (embeddings.kind !== 'local') return null
  const { openLocal } = await import('./services/embeddings/local.ts')
  return openLocal({ model: embeddings.model, dataDir })
}

function hookSettings({ hooks, agentId, project, dataDir }: Config): HookSettings {
  return { ...hooks, agentId, project, folder: join(dataDir, 'hooks') }
}

/**
 * Calls are counted only where a setting asks for it: counting costs each call a round trip over Redis. A
 * transport that strangers reach asks for it.
 */
function admissionOf(coordination: Coordination, { rateLimit }: Config): Pick<Pipeline, 'admit'> {
  return rateLimit.enabled ? { admit: admission(coordination.rateLimiter(rateLimit)) } : {}
}

/** The database's file, for what is done to it from outside; it need not exist. */
export async function openFile({ dbType, dbPath }: Config): Promise<DatabaseFile> {
  if (dbType !== 'sqlite') {
    throw new AppError('INVALID_PARAMETER', 'The database is on a server: there is no file of it here.', {
      suggestion: 'Use the tools of that server (pg_dump, pg_restore), or agent-memory export and import.',
    })
  }
  const { sqliteFile } = await import('./store/sqlite/file/file.ts')
  return sqliteFile(dbPath)
}

/** The database looked at from outside, whether it can be opened or not. */
export async function openCheck(config: Config): Promise<DatabaseCheck> {
  if (config.dbType === 'sqlite') return openFile(config)
  const { postgresCheck } = await import('./store/postgres/check.ts')
  return postgresCheck(config.postgres)
}

/** Each database brings its driver: only the one that is used is loaded. */
export async function openDatabase(config: Config): Promise<Database> {
  switch (config.dbType) {
    case 'sqlite': {
      const { openSqlite } = await import('./store/sqlite/open.ts')
      return openSqlite({ path: config.dbPath })
    }
    case 'postgresql': {
      const { openPostgres } = await import('./store/postgres/open.ts')
      return openPostgres(config.postgres)
    }
  }
}

/** What moves everything from one database to another; that one is opened when it is needed. */
export async function openMove(from: Config, to: Config): Promise<Move> {
  return new Move({
    source: await openMoveSource(from),
    openTarget: () => openMoveTarget(to),
    clock: systemClock,
  })
}

async function openMoveSource(config: Config): Promise<MoveEnd> {
  if (config.dbType === 'sqlite')
    return (await import('./store/sqlite/file/move.ts')).openSqliteSource(config.dbPath)
  return (await import('./store/postgres/move.ts')).openPostgresSource(config.postgres)
}

async function openMoveTarget(config: Config): Promise<MoveTarget> {
  if (config.dbType === 'sqlite')
    return (await import('./store/sqlite/file/move.ts')).openSqliteTarget(config.dbPath)
  return (await import('./store/postgres/move.ts')).openPostgresTarget(config.postgres)
}
