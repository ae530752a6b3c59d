import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parser } from '@prometheus-io/lezer-promql'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { ERRORS } from '../../../src/domain/errors.ts'
import { EVENT_TYPES } from '../../../src/domain/event.ts'
import { OPERATIONS } from '../../../src/operations/index.ts'
import { testDatabase } from '../../support/database.ts'
import { type Port, withPort } from '../../support/http.ts'
import { testsRunOnRedis } from '../../support/redis-env.ts'

// What the dashboard and the alerts ask Prometheus for is what /metrics says.

const DEPLOY = join(import.meta.dirname, '../../../deploy')
const read = (name: string) => readFileSync(join(DEPLOY, name), 'utf8')

interface Panel {
  readonly title: string
  readonly type: string
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[]
}

interface Group {
  readonly rules: readonly { readonly alert: string; readonly expr: string; readonly annotations: object }[]
}

type SyntaxNode = ReturnType<typeof parser.parse>['topNode']

/** What one expression asks for. */
interface Asked {
  readonly metric: string
  readonly matchers: readonly { readonly label: string; readonly value: string }[]
  /** Those by which it is put together afterwards. */
  readonly groups: readonly string[]
}

const PANELS = (JSON.parse(read('grafana-dashboard.json')) as { panels: Panel[] }).panels
const RULES = (parse(read('prometheus-alerts.yaml')) as { groups: Group[] }).groups.flatMap(
  ({ rules }) => rules,
)
const EXPRESSIONS = [
  ...PANELS.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => [title, inPrometheus(expr)] as const),
  ),
  ...RULES.map(({ alert, expr }) => [alert, expr] as const),
]

/** What Grafana puts in before it asks. */
function inPrometheus(expr: string): string {
  return expr.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.*')
}

/** The selectors of an expression, by Prometheus's own grammar; throws where it breaks that. */
function askedBy(expr: string): Asked[] {
  const asked: Asked[] = []
  const text = ({ from, to }: SyntaxNode) => expr.slice(from, to)
  parser.parse(expr).iterate({
    enter(node) {
      if (node.type.isError) throw new SyntaxError(`${expr}\nat ${node.from}`)
      if (node.name === 'VectorSelector') asked.push(selector(node.node, text))
    },
  })
  return asked
}

function selector(node: SyntaxNode, text: (node: SyntaxNode) => string): Asked {
  const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []
  const only = (found: SyntaxNode | null) => (found ? text(found) : '')
  const groups: string[] = []
  for (let above = node.parent; above; above = above.parent) {
    const labels = above.getChild('AggregateModifier')?.getChild('GroupingLabels')
    groups.push(...(labels?.getChildren('LabelName').map(text) ?? []))
  }
  return {
    metric: only(node.getChild('Identifier')),
    matchers: matchers.map((matcher) => ({
      label: only(matcher.getChild('LabelName')),
      value: only(matcher.getChild('StringLiteral')).slice(1, -1),
    })),
    groups,
  }
}

/** Metric → the labels that its samples have; none of one that is declared and has no sample. */
async function metricsOf(port: Port): Promise<Map<string, ReadonlySet<string>>> {
  const text = await (await fetch(`${port.address}/metrics`)).text()
  const metrics = new Map<string, Set<string>>()
  for (const line of text.split('\n')) {
    const [, declared, type] = /^# TYPE (\w+) (\w+)/.exec(line) ?? []
    if (declared && type !== 'histogram') metrics.set(declared, new Set())
    const [, name, labels = ''] = /^(\w+)(?:\{(.*)\})? \S+$/.exec(line) ?? []
    if (!name) continue
    const known = (metrics.get(name) ?? new Set()).add('')
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) known.add(label)
    metrics.set(name, known)
  }
  return metrics
}

/** A server that has had something of everything to do. */
function withTraffic(body: (port: Port) => Promise<void>): Promise<void> {
  return withPort({}, async (port) => {
    const add = { name: 'Tabs', content: 'Use tabs.', scope_type: 'global' }
    await port.ask('POST /v1/guidelines', add)
    await port.ask('POST /v1/guidelines', add)
    for (let i = 0; i < 2; i++) await port.ask('GET /v1/search?query=tabs')
    await port.ask('POST /v1/locks', { file_path: '/srv/a.ts' })
    const heard = async () => (await (await fetch(`${port.address}/metrics`)).text()).match(/events_total\{/)
    await expect.poll(heard).toBeTruthy()
    await body(port)
  })
}

/** What Prometheus itself adds. */
const OF_SCRAPING = ['job', 'instance']
/** What there is only with another database, or with Redis. */
const ELSEWHERE = [
  ...(testDatabase === 'postgresql' ? [] : [/^agent_memory_database_(connections|waiting)/]),
  ...(testsRunOnRedis ? [] : [/^agent_memory_redis_/, /^agent_memory_cache_refused_fills_total$/]),
]

test('every metric and label of the dashboard and the alerts is in the answer of a server with traffic', () =>
  withTraffic(async (port) => {
    const metrics = await metricsOf(port)
    for (const [what, expr] of EXPRESSIONS) {
      for (const { metric, matchers, groups } of askedBy(expr).filter(({ metric }) => metric !== 'up')) {
        const labels = metrics.get(metric)
        expect(labels, `${what}: ${metric}`).toBeDefined()
        if (labels?.size === 0 && ELSEWHERE.some((pattern) => pattern.test(metric))) continue
        expect(labels?.size, `${what}: ${metric} has no sample`).toBeGreaterThan(0)
        const wanted = [...matchers.map(({ label }) => label), ...groups]
        const missing = wanted.filter((label) => !OF_SCRAPING.includes(label) && !labels?.has(label))
        expect(missing, `${what}: labels of ${metric}`).toEqual([])
      }
    }
  }))

test('what they compare labels with exists: operations, outcomes, events', () => {
  const known: Readonly<Record<string, readonly string[]>> = {
    operation: OPERATIONS.map(({ tool, action }) => (action === null ? tool : `${tool} ${action}`)),
    outcome: ['ok', ...Object.keys(ERRORS)],
    type: EVENT_TYPES,
  }
  const values = EXPRESSIONS.flatMap(([, expr]) => askedBy(expr).flatMap(({ matchers }) => matchers))
    .filter(({ label }) => label in known)
    .flatMap(({ label, value }) => value.split('|').map((name) => [label, name] as const))
  expect(values.length).toBeGreaterThan(5)
  expect(values.filter(([label, name]) => !known[label]?.includes(name))).toEqual([])
})

test('every legend names a label that its expression leaves', () => {
  for (const { title, targets = [] } of PANELS) {
    for (const { expr, legendFormat } of targets) {
      const named = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label)
      const groups = askedBy(inPrometheus(expr)).flatMap(({ groups }) => groups)
      const left = groups.length > 0 ? groups : OF_SCRAPING
      expect(
        named.filter((label) => !left.includes(label)),
        title,
      ).toEqual([])
    }
  }
})

test('the grammar sees what is wrong', () => {
  expect(() => askedBy('sum by (le (rate(x[5m]))')).toThrow(SyntaxError)
  expect(RULES.length).toBeGreaterThan(8)
  expect(PANELS.filter(({ type }) => type !== 'row').every(({ targets = [] }) => targets.length > 0)).toBe(
    true,
  )
})
