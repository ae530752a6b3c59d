import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { expect, test } from 'vitest'
import { surroundings, withFolder } from '../../support/mcp.ts'
import { programArgs } from '../../support/program.ts'

/** A client that names its roots, on a server that stands in a folder of no project. */
async function withRoots(
  roots: () => string[],
  body: (client: Client, project: () => Promise<unknown>) => Promise<void>,
  env: Record<string, string> = {},
): Promise<void> {
  await withFolder(async (dataDir) => {
    for (const name of ['shop', 'bakery']) mkdirSync(join(dataDir, name, '.git'), { recursive: true })
    const client = new Client(
      { name: 'test', version: '1' },
      { capabilities: { roots: { listChanged: true } } },
    )
    client.setRequestHandler('roots/list', () => ({
      roots: roots().map((name) => ({
        uri: name.includes(':') ? name : pathToFileURL(join(dataDir, name)).href,
      })),
    }))
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: programArgs('mcp'),
        ...surroundings(dataDir, { env, cwd: dataDir }),
        stderr: 'ignore',
      }),
    )
    const project = async () => {
      const args = { action: 'current' }
      const { structuredContent } = await client.callTool({ name: 'memory_scope', arguments: args })
      return (structuredContent as { name: string }).name
    }
    try {
      await body(client, project)
    } finally {
      await client.close()
    }
  })
}

test('the current project is the root that the client names, also after it has changed', async () => {
  let roots = ['shop', 'bakery']
  await withRoots(
    () => roots,
    async (client, project) => {
      expect(await project()).toBe('shop')
      const checkout = { action: 'checkout', file_path: 'src/a.ts' }
      const { structuredContent } = await client.callTool({ name: 'memory_file_lock', arguments: checkout })
      expect(structuredContent).toMatchObject({ file_path: expect.stringMatching(/shop[\\/]src[\\/]a\.ts$/) })
      roots = ['bakery']
      await client.sendRootsListChanged()
      expect(await project()).toBe('bakery')
    },
  )
})

test.each([
  ['after one that is gone', ['nowhere', 'bakery']],
  ['after one of Windows', ['file:///c%3A/Users/ann/shop', 'bakery']],
  ['after one on another machine', ['file://elsewhere/shop', 'bakery']],
  ['after one of a remote workspace', ['vscode-remote://wsl/shop', 'bakery']],
  ['after one that is a page', ['https://example.com/', 'bakery']],
])('the first root that is a folder here counts: %s', async (_what, roots) => {
  await withRoots(
    () => roots,
    async (_client, project) => expect(await project()).toBe('bakery'),
  )
})

test.each([
  ['none', []],
  ['a folder that is not there', ['nowhere']],
  ['one that is no folder', ['https://example.com/']],
  ['one on another machine', ['file://elsewhere/shop']],
])('with %s it is where the server stands', async (_what, roots) => {
  await withRoots(
    () => roots,
    async (_client, project) => expect(await project()).toBe('global'),
  )
})

test('the setting counts for more', async () => {
  await withRoots(
    () => ['shop'],
    async (_client, project) => expect(await project()).toBe('my project'),
    { AGENT_MEMORY_PROJECT: 'my project' },
  )
})
