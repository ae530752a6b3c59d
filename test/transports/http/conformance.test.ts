import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { type Port, withPort } from '../../support/http.ts'
import { REVISIONS, type Revision } from '../../support/mcp.ts'
import { endOf } from '../../support/run-program.ts'
import { fixtureServer } from './conformance-fixtures.ts'

// The official suite against the port, with exactly the scenarios that each revision requires.

type Reasons = Readonly<Record<string, string>>

interface Check {
  readonly id: string
  readonly status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO'
  readonly errorMessage?: string
}

const SUITE = join(import.meta.dirname, '../../../node_modules/@modelcontextprotocol/conformance')
const { reasons, fixtures, ...unmet } = parse(
  readFileSync(join(import.meta.dirname, 'conformance.yaml'), 'utf8'),
) as {
  readonly reasons: Reasons
  readonly fixtures: Readonly<Record<Revision, Reasons>>
} & Readonly<Record<Revision, Reasons>>

/** Scenario → its checks. */
async function checksOf(
  { address }: Port,
  revision: Revision,
  folder: string,
): Promise<Map<string, Check[]>> {
  const { bin } = JSON.parse(readFileSync(join(SUITE, 'package.json'), 'utf8')) as {
    bin: { conformance: string }
  }
  const args = ['server', '--url', `${address}/mcp`, '--requirements', revision, '--output-dir', folder]
  await endOf(
    spawn(process.execPath, [join(SUITE, bin.conformance), ...args], { stdio: ['ignore', 'pipe', 'pipe'] }),
  )
  return new Map(
    readdirSync(folder).map((name) => [
      name.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT.*$/, ''),
      JSON.parse(readFileSync(join(folder, name, 'checks.json'), 'utf8')) as Check[],
    ]),
  )
}

const failuresOf = (checks: readonly Check[] = []) => checks.filter(({ status }) => status === 'FAILURE')

/** The scenarios that fail are those that are listed, each with a reason that there is. */
function expectUnmet(scenarios: ReadonlyMap<string, readonly Check[]>, listed: Reasons): void {
  const failed = [...scenarios].filter(([, checks]) => failuresOf(checks).length > 0)
  const told = Object.fromEntries(
    failed.map(([name, checks]) => [name, failuresOf(checks).map(({ errorMessage }) => errorMessage)]),
  )
  expect(failed.map(([name]) => name).toSorted(), JSON.stringify(told, null, 1)).toEqual(
    Object.keys(listed).toSorted(),
  )
  expect(Object.values(listed).filter((reason) => !(reason in reasons))).toEqual([])
}

test.each(REVISIONS)('%s: all passes but what is listed, with a reason', (revision) =>
  withPort({}, async (port, t) => {
    const scenarios = await checksOf(port, revision, join(t.dataDir, 'conformance'))
    expectUnmet(scenarios, unmet[revision])
    const passed = [...scenarios.values()].flat().filter(({ status }) => status === 'SUCCESS')
    expect(passed.length).toBeGreaterThan(40)
    // Of the stateless protocol itself only what needs tools of the suite is not met.
    const untestable = /^Not testable: server does not list the diagnostic tool/
    const stateless = failuresOf(scenarios.get('server-stateless'))
    expect(stateless.filter(({ errorMessage = '' }) => !untestable.test(errorMessage))).toEqual([])
  }),
)

test.each(REVISIONS)('%s: with what the suite expects of a server in the place of our tools', (revision) =>
  withPort({ mcpServer: fixtureServer }, async (port, t) => {
    const scenarios = await checksOf(port, revision, join(t.dataDir, 'conformance'))
    expectUnmet(scenarios, fixtures[revision])
    const passed = [...scenarios.values()].flat().filter(({ status }) => status === 'SUCCESS')
    expect(passed.length).toBeGreaterThan(80)
  }),
)
