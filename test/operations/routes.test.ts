import { describe, expect, test } from 'vitest'
import { OPERATIONS } from '../../src/operations/index.ts'
import { type Route, routeParts } from '../../src/operations/routes.ts'

const ROUTES = OPERATIONS.flatMap((operation) =>
  operation.routes.map((route) => ({ operation, route, ...routeParts(route) })),
)

/** Routes that people already rely on, by tool and action. */
const PROMISED: Readonly<Record<string, readonly Route[]>> = {
  'memory_query search': ['GET /v1/search', 'POST /v1/search'],
  'memory_query context': ['POST /v1/context'],
  'memory_guideline add': ['POST /v1/guidelines'],
  'memory_guideline list': ['GET /v1/guidelines'],
  'memory_guideline get': ['GET /v1/guidelines/{id}'],
  'memory_guideline update': ['PATCH /v1/guidelines/{id}'],
  'memory_guideline delete': ['DELETE /v1/guidelines/{id}'],
  'memory_guideline history': ['GET /v1/guidelines/{id}/versions'],
  'memory_knowledge add': ['POST /v1/knowledge'],
  'memory_tool add': ['POST /v1/tools'],
  'memory_file_lock checkout': ['POST /v1/locks'],
  'memory_file_lock list': ['GET /v1/locks'],
  'memory_file_lock checkin': ['DELETE /v1/locks'],
  'memory_file_lock renew': ['POST /v1/locks/renew'],
  'memory_file_lock verify': ['POST /v1/locks/verify'],
  'memory_file_lock force_unlock': ['POST /v1/locks/force-unlock'],
  'memory_voting record_vote': ['POST /v1/votes'],
  'memory_voting list_votes': ['GET /v1/votes'],
  'memory_voting get_consensus': ['GET /v1/votes/consensus'],
  'memory_conflict list': ['GET /v1/conflicts'],
  'memory_conflict resolve': ['POST /v1/conflicts/{id}/resolve'],
  'memory_event list': ['GET /v1/events'],
  memory_health: ['GET /v1/health'],
}

describe('the routes of the operations', () => {
  test('no two operations share method and path, whatever their parameters are called', () => {
    const shapes = ROUTES.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`)
    expect(shapes.filter((shape, index) => shapes.indexOf(shape) !== index)).toEqual([])
  })

  test.each(Object.entries(PROMISED))('%s stands where it is promised', (name, routes) => {
    const found = OPERATIONS.find(
      ({ tool, action }) => (action === null ? tool : `${tool} ${action}`) === name,
    )
    expect(found?.routes).toEqual(routes)
  })

  test.each(ROUTES.map((row) => [row.route, row] as const))('%s', (_route, { operation, ...parts }) => {
    expect(parts.path).toMatch(/^\/v1(\/([a-z]+(-[a-z]+)*|\{[a-z]+(_[a-z]+)*\}))+$/)
    expect(Object.keys(operation.input.shape)).toEqual(expect.arrayContaining([...parts.parameters]))
    expect(new Set(parts.parameters).size).toBe(parts.parameters.length)
    // The first answer to this question is kept.
    const decides = operation.action === 'get_consensus'
    if (parts.method === 'GET') expect(operation.hints.readOnly).toBe(!decides)
    if (parts.method !== 'GET' && parts.method !== 'POST') expect(operation.hints.readOnly).toBe(false)
  })
})
