import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { transform } from 'esbuild'
import { expect, test, vi } from 'vitest'
import { buildSdk } from '../../scripts/sdk.ts'
import { openTestApp } from '../support/app.ts'
import { openPort, withPort } from '../support/http.ts'

const ROOT = join(import.meta.dirname, '../..')

test('the client runs where there is nothing of Node: no module, no global', () =>
  withPort({}, async (port) => {
    const { files } = await buildSdk()
    const text = Buffer.from(files.get('sdk.js') ?? '').toString()
    expect(text).not.toMatch(/node:|\brequire\(|\bimport\s*\(|^import /m)
    // A realm with the language and the web's own: what a worker at the edge has.
    const { code } = await transform(text, { format: 'iife', globalName: 'sdk' })
    const web = {
      fetch,
      URL,
      URLSearchParams,
      AbortController,
      AbortSignal,
      TextDecoder,
      setTimeout,
      clearTimeout,
    }
    const realm = createContext({ ...web, address: port.address })
    const asked = `${code}
      const memory = new sdk.AgentMemory({ url: address, agentId: 'edge' })
      memory.tool.add({ scope_type: 'global', name: 'jq', content: 'JSON' }).then(async ({ created_by }) => {
        for await (const { type } of memory.follow({ since: 0, types: ['entry.*'] })) return [created_by, type]
      })`
    expect(Array.from((await runInContext(asked, realm)) as string[])).toEqual(['edge', 'entry.created'])
    expect(Buffer.byteLength(text)).toBeLessThan(60_000)
  }))

test('the types name nothing that the package has not', async () => {
  const { files } = await buildSdk()
  const types = [...files].filter(([name]) => name.endsWith('.d.ts'))
  expect(types.length).toBeGreaterThan(4)
  const imported = types.flatMap(([, text]) =>
    [...String(text).matchAll(/from '([^']+)'/g)].map(([, path]) => path),
  )
  expect(imported.filter((path) => !path?.startsWith('./') || !path.endsWith('.js'))).toEqual([])
})

/** The examples of the page, each with what it prints. */
function examples(): { code: string; prints: string }[] {
  const page = readFileSync(join(ROOT, 'docs/guides/sdk.md'), 'utf8')
  return [...page.matchAll(/```ts\n([\s\S]*?)```\n+```text\n([\s\S]*?)```/g)].map(
    ([, code = '', prints = '']) => ({
      code,
      prints,
    }),
  )
}

test('the examples of the guide print what it says', async () => {
  const cache = join(ROOT, '.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'sdk-examples-'))
  const print = vi.spyOn(console, 'log').mockImplementation(() => {})
  try {
    expect(examples()).toHaveLength(4)
    for (const [at, { code, prints }] of examples().entries()) {
      const t = await openTestApp()
      const port = await openPort(t)
      vi.stubEnv('MEMORY_URL', port.address)
      vi.stubEnv('MEMORY_FOLDER', join(folder, `data-${at}`))
      const file = join(folder, `example-${at}.ts`)
      writeFileSync(
        file,
        code
          .replaceAll("'agent-memory'", "'../../src/sdk/index.ts'")
          .replaceAll("'agent-memory/embedded'", "'../../src/embedded.ts'"),
      )
      print.mockClear()
      await import(pathToFileURL(file).href)
      expect(print.mock.calls.map((words) => `${words.join(' ')}\n`).join('')).toBe(prints)
      await port.close()
      await t.close()
    }
  } finally {
    print.mockRestore()
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  }
})
