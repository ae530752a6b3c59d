import type { IForbiddenRuleType } from 'dependency-cruiser'

// The one-way rule: domain <- store, coordination <- services <- operations <- transports <- app, main.
// `npm run lint` holds the sources to it (scripts/check-layers.ts); test/repo/layers.test.ts plants a breach of each rule.
// The programs beside the sources (BESIDE) are held to the rules that name no folder: no cycles, nothing unresolved.

/** Programs of the project that are no part of the product. */
export const BESIDE = ['verify', 'faults', 'bench', 'attack', 'clients'] as const

/** What each layer may import of our own, besides itself and src/version.ts. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  store: ['domain', 'make-folder.ts'],
  coordination: ['domain'],
  services: ['domain', 'store', 'coordination', 'config.ts', 'make-folder.ts'],
  operations: ['domain', 'services', 'config.ts'],
  transports: ['domain', 'services', 'operations', 'config.ts', 'make-folder.ts'],
  page: ['domain', 'operations'],
  sdk: [],
}

const layers = Object.entries(MAY_IMPORT).map(
  ([layer, others]): IForbiddenRuleType => ({
    name: `${layer}-imports-only-below`,
    severity: 'error',
    from: { path: `^src/${layer}/` },
    to: {
      path: `^(src|test|scripts|${BESIDE.join('|')})/`,
      pathNot: `^src/(${[layer, ...others, 'version.ts'].join('|')})(/|$)`,
    },
  }),
)

/** A package, resolved or not. */
function packageNamed(pattern: string): string {
  return `(^|/)(node_modules/)?${pattern}(/|$)`
}

export const LAYER_RULES: IForbiddenRuleType[] = [
  ...layers,
  { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
  { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  {
    name: 'sources-import-only-sources',
    severity: 'error',
    from: { path: '^src/' },
    to: { path: `^(test|scripts|${BESIDE.join('|')})/` },
  },
  {
    name: 'page-imports-only-types-of-operations',
    severity: 'error',
    // Else the browser would load what checks arguments on the server.
    from: { path: '^src/page/' },
    to: { path: '^src/operations/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'sdk-runs-without-node',
    severity: 'error',
    from: { path: '^src/sdk/' },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'config-imports-only-domain',
    severity: 'error',
    from: { path: '^src/config(/|\\.ts$)' },
    to: { path: '^src/', pathNot: '^src/(domain/|version\\.ts$|config/)' },
  },
  {
    name: 'parts-of-config-only-from-config',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/config(/|\\.ts$)' },
    to: { path: '^src/config/' },
  },
  {
    name: 'kysely-only-in-store',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/store/' },
    to: { path: packageNamed('kysely') },
  },
  {
    name: 'sqlite-only-in-store-sqlite',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/store/sqlite/' },
    to: { path: '^(node:)?sqlite$' },
  },
  {
    name: 'pg-only-in-store-postgres',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/store/postgres/' },
    to: { path: packageNamed('pg') },
  },
  {
    name: 'sqlite-parts-only-from-app',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/(store/sqlite/|app\\.ts$|app/)' },
    to: { path: '^src/store/sqlite/' },
  },
  {
    name: 'postgres-parts-only-from-app',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/(store/postgres/|app\\.ts$|app/)' },
    to: { path: '^src/store/postgres/' },
  },
  {
    name: 'redis-parts-only-from-app',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/(coordination/redis/|app\\.ts$|app/)' },
    to: { path: '^src/coordination/redis/' },
  },
  {
    name: 'mcp-sdk-only-in-transports',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/transports/' },
    to: { path: packageNamed('@modelcontextprotocol') },
  },
  {
    name: 'app-only-from-main',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/(main|embedded)\\.ts$' },
    to: { path: '^src/(app|main|embedded)\\.ts$' },
  },
  {
    name: 'parts-of-app-only-from-app',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/app(/|\\.ts$)' },
    to: { path: '^src/app/' },
  },
  {
    name: 'redis-client-only-in-coordination-redis',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/coordination/redis/' },
    to: { path: packageNamed('@redis/client') },
  },
  {
    name: 'domain-touches-nothing',
    severity: 'error',
    from: { path: '^src/(domain|operations)/' },
    to: { path: '^(node:)?(fs|fs/promises|child_process|net|http|https|worker_threads)$' },
  },
]
